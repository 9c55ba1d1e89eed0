import { z } from 'zod';
import { choice, structure } from './schema.ts';
import { arn, filePath, text } from './terms.ts';

const secretName = z.string().min(1);

const fileCertificate = structure('ListenerTlsFileCertificate', {
  certificateChain: filePath,
  privateKey: filePath,
});
const sdsCertificate = structure('ListenerTlsSdsCertificate', { secretName });
const fileTrust = structure('TlsValidationContextFileTrust', { certificateChain: filePath });
const sdsTrust = structure('TlsValidationContextSdsTrust', { secretName });

const subjectAlternativeNames = structure('SubjectAlternativeNames', {
  match: structure('SubjectAlternativeNameMatchers', { exact: z.array(text(1, 254)).min(1) }),
});

/** The certificate a caller presents. */
export const clientCertificate = choice('ClientTlsCertificate', {
  file: fileCertificate,
  sds: sdsCertificate,
});

/** Whom a caller trusts. */
export const clientValidation = structure('TlsValidationContext', {
  trust: choice('TlsValidationContextTrust', {
    acm: structure('TlsValidationContextAcmTrust', { certificateAuthorityArns: z.array(arn).min(1).max(3) }),
    file: fileTrust,
    sds: sdsTrust,
  }),
  subjectAlternativeNames: subjectAlternativeNames.optional(),
});

/** TLS of a listener: of a virtual node's and, in the same words, of a virtual gateway's. */
export const listenerTls = structure('ListenerTls', {
  mode: z.enum(['STRICT', 'PERMISSIVE', 'DISABLED']),
  certificate: choice('ListenerTlsCertificate', {
    acm: structure('ListenerTlsAcmCertificate', { certificateArn: arn }),
    file: fileCertificate,
    sds: sdsCertificate,
  }),
  /** With it the listener asks for a client certificate. */
  validation: structure('ListenerTlsValidationContext', {
    trust: choice('ListenerTlsValidationContextTrust', { file: fileTrust, sds: sdsTrust }),
    subjectAlternativeNames: subjectAlternativeNames.optional(),
  }).optional(),
});

/** TLS of a listener. */
export type ListenerTls = z.infer<typeof listenerTls>;
