import type { ProxyEnvironment } from '../environment.ts';
import { discoveryResponse, extension, fileSource, type Typed, typed } from './vocabulary.ts';

const transport = 'envoy.extensions.transport_sockets.tls.v3';

/** Files the proxy's certificate and the authority it trusts are named in (SDS). */
const secretFiles = {
  certificate: 'secret-certificate.json',
  authority: 'secret-authority.json',
} as const;

/** TLS 1.3 alone: both ends are ours. Envoy's own default for a client ends at 1.2. */
const parameters = { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' };

/**
 * The receiving side of mutual TLS: a certificate of the mesh's authority with one of these SPIFFE ids, or none.
 * Without any caller the list names an id that no certificate carries, because Envoy takes an empty list for "any".
 */
export function downstreamTls(directory: string, callers: readonly string[]) {
  const identities = callers.length > 0 ? callers : [nobody];
  return extension('envoy.transport_sockets.tls', `${transport}.DownstreamTlsContext`, {
    require_client_certificate: true,
    common_tls_context: commonTls(directory, identities),
  });
}

/** The calling side of mutual TLS: the peer must present the SPIFFE id of exactly the node that is meant. */
export function upstreamTls(
  directory: string,
  { hostname, identity }: { hostname: string; identity: string },
) {
  return extension('envoy.transport_sockets.tls', `${transport}.UpstreamTlsContext`, {
    sni: hostname,
    common_tls_context: commonTls(directory, [identity]),
  });
}

/** The secret files: they name the PEM files, which are read again when something is renamed into their folder. */
export function secrets({ certificates }: ProxyEnvironment): Record<string, object> {
  const watched = { watched_directory: { path: directoryOf(certificates.chain) } };
  return {
    [secretFiles.certificate]: secret('certificate', {
      tls_certificate: {
        certificate_chain: { filename: certificates.chain },
        private_key: { filename: certificates.key },
        ...watched,
      },
    }),
    [secretFiles.authority]: secret('authority', {
      validation_context: { trusted_ca: { filename: certificates.authority }, ...watched },
    }),
  };
}

const nobody = 'spiffe://nobody.invalid/';

function commonTls(directory: string, identities: readonly string[]) {
  return {
    tls_params: parameters,
    alpn_protocols: ['h2'],
    tls_certificate_sds_secret_configs: [
      { name: 'certificate', sds_config: fileSource(directory, secretFiles.certificate) },
    ],
    combined_validation_context: {
      default_validation_context: {
        match_typed_subject_alt_names: identities.map((exact) => ({ san_type: 'URI', matcher: { exact } })),
      },
      validation_context_sds_secret_config: {
        name: 'authority',
        sds_config: fileSource(directory, secretFiles.authority),
      },
    },
  };
}

function secret(name: string, content: Record<string, unknown>) {
  const resource: Typed = typed(`${transport}.Secret`, { name, ...content });
  return discoveryResponse([resource]);
}

function directoryOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
