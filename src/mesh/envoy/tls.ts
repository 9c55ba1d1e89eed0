import type { ClientTls, Protocol, ProxyModel, ServerTls, TlsValidation } from '../proxy-model.ts';
import { secretSource } from './secret.ts';
import { type Extension, extension } from './vocabulary.ts';

const transport = 'envoy.extensions.transport_sockets.tls.v3';

/** The receiving side. With a validation, who connects must present a certificate that is good by it. */
export function downstreamTls(
  { certificate, validation }: ServerTls,
  protocol: Protocol,
  model: ProxyModel,
  directory: string,
): Extension {
  return extension('envoy.transport_sockets.tls', `${transport}.DownstreamTlsContext`, {
    ...(validation ? { require_client_certificate: true } : {}),
    common_tls_context: {
      ...parameters(model),
      ...alpn(protocol, model, ['h2', 'http/1.1']),
      ...trust(validation, certificate, model, directory),
    },
  });
}

/** The calling side. Without a validation any certificate is good. */
export function upstreamTls(
  { serverName, certificate, validation }: ClientTls,
  protocol: Protocol,
  model: ProxyModel,
  directory: string,
): Extension {
  return extension('envoy.transport_sockets.tls', `${transport}.UpstreamTlsContext`, {
    ...(serverName === undefined ? {} : { sni: serverName }),
    common_tls_context: {
      ...parameters(model),
      ...alpn(protocol, model, []),
      ...trust(validation, certificate, model, directory),
    },
  });
}

/** Envoy's own default for a client ends at 1.2; two ends that are both ours may speak 1.3 alone. */
function parameters({ policy: { minimumTls = 'TLSv1_2' } }: ProxyModel) {
  return {
    tls_params: { tls_minimum_protocol_version: minimumTls, tls_maximum_protocol_version: 'TLSv1_3' },
  };
}

/** HTTP/2 has to be agreed on; an HTTP/1.1 client offers nothing, and a TCP connection speaks for itself. */
function alpn(protocol: Protocol, { policy }: ProxyModel, http1: readonly string[]) {
  if (protocol === 'tcp') return {};
  const protocols = protocol === 'http' && policy.transport === undefined ? http1 : ['h2'];
  return protocols.length > 0 ? { alpn_protocols: protocols } : {};
}

function trust(
  validation: TlsValidation | undefined,
  certificate: string | undefined,
  model: ProxyModel,
  directory: string,
) {
  const source = (name: string) => {
    const secret = model.secrets.find((known) => known.name === name);
    if (!secret) throw new RangeError(`${model.proxy.name} has no secret ${name}`);
    return secretSource(secret, directory);
  };
  return {
    ...(certificate === undefined ? {} : { tls_certificate_sds_secret_configs: [source(certificate)] }),
    ...(validation
      ? {
          combined_validation_context: {
            default_validation_context: validation.names
              ? { match_typed_subject_alt_names: acceptedNames(validation.names) }
              : {},
            validation_context_sds_secret_config: source(validation.trust),
          },
        }
      : {}),
  };
}

/**
 * Names are host names or URIs. Without any the list names an id that no certificate carries, because Envoy takes an
 * empty list for "any".
 */
function acceptedNames(names: readonly string[]) {
  return (names.length > 0 ? names : [nobody]).map((exact) => ({
    san_type: exact.includes('://') ? 'URI' : 'DNS',
    matcher: { exact },
  }));
}

const nobody = 'spiffe://nobody.invalid/';
