import { list, object, renamed, same } from '../shape.ts';

const file = object({ certificateChain: same, privateKey: same });
const sds = object({ secretName: same });
const subjectAlternativeNames = object({ match: object({ exact: same }) });

const trust = object({
  acm: object({ certificateAuthorityARNs: renamed('certificateAuthorityArns') }),
  file: object({ certificateChain: same }),
  sds,
});

const validation = object({ trust, subjectAlternativeNames });

/** TLS of a listener, of nodes and gateways alike. */
export const listenerTls = object({
  mode: same,
  certificate: object({ acm: object({ certificateARN: renamed('certificateArn') }), file, sds }),
  validation,
});

/** How a caller speaks to those it calls. */
export const clientPolicy = object({
  tls: object({ enforce: same, ports: list(same), certificate: object({ file, sds }), validation }),
});
