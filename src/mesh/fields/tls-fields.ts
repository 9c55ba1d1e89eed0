import { below, type Field } from './field.ts';

const reload = ' (with `--live` read again when a file is renamed into its folder)';

/** A certificate and whom it proves itself to, of either side. */
function certificate(path: string): Field[] {
  return below(path, {
    'file.certificateChain': {
      envoy: `\`Secret.tls_certificate.certificate_chain.filename\`${reload}`,
    },
    'file.privateKey': { envoy: `\`Secret.tls_certificate.private_key.filename\`${reload}` },
    'sds.secretName': {
      envoy: '`CommonTlsContext.tls_certificate_sds_secret_configs[].name`, over gRPC from the unix socket',
      different:
        "SDS is v3, from the socket `environment.json` names; App Mesh's image took it from `APPMESH_SDS_SOCKET_PATH`",
    },
  });
}

function trust(path: string): Field[] {
  return below(path, {
    'file.certificateChain': {
      envoy: `\`Secret.validation_context.trusted_ca.filename\`${reload}`,
    },
    'sds.secretName': {
      envoy: '`CommonTlsContext.combined_validation_context.validation_context_sds_secret_config.name`',
    },
  });
}

const names =
  '`CommonTlsContext.combined_validation_context.default_validation_context.match_typed_subject_alt_names[].matcher.exact`; `san_type` is URI with `://`, else DNS';

/** TLS of a listener, of a node's and of a gateway's alike. */
export function listenerTlsFields(path: string): Field[] {
  return [
    {
      path: `${path}.mode`,
      envoy:
        'STRICT: `FilterChain.transport_socket` (`DownstreamTlsContext`); PERMISSIVE: a second `FilterChain` and `FilterChainMatch.transport_protocol`, told apart by the TLS inspector, which waits at most 1 s for a first byte; DISABLED: neither',
      absent: 'DISABLED',
    },
    {
      path: `${path}.certificate.acm.certificateArn`,
      envoy: '`Secret.tls_certificate`, of files or a secret that the environment gives for the ARN',
      different:
        'App Mesh exported the certificate and renewed it; here it is exported to the files `environment.json` names',
    },
    ...certificate(`${path}.certificate`),
    ...trust(`${path}.validation.trust`),
    {
      path: `${path}.validation.subjectAlternativeNames.match.exact[]`,
      envoy: names,
      absent:
        'any name, once `validation` is there; `validation` sets `DownstreamTlsContext.require_client_certificate`',
    },
  ];
}

/** How a proxy calls a backend. */
export function clientPolicyFields(path: string): Field[] {
  return [
    {
      path: `${path}.tls.enforce`,
      envoy: '`Cluster.transport_socket` (`UpstreamTlsContext`); false: only where the listener speaks TLS',
      absent: 'true',
    },
    {
      path: `${path}.tls.ports[]`,
      envoy:
        'which listeners of a node the `Cluster.transport_socket` above is for; the others speak as they are',
      absent: 'every port',
    },
    ...certificate(`${path}.tls.certificate`),
    {
      path: `${path}.tls.validation.trust.acm.certificateAuthorityArns[]`,
      envoy:
        '`Secret.validation_context.trusted_ca`, of the file or secret that the environment gives for the first ARN',
      different:
        'App Mesh fetched the authorities from AWS Private CA; here the certificates of all of them are in one file',
    },
    ...trust(`${path}.tls.validation.trust`),
    {
      path: `${path}.tls.validation.subjectAlternativeNames.match.exact[]`,
      envoy: names,
      absent: 'the name the node is discovered by, which is also `UpstreamTlsContext.sni`',
    },
  ];
}
