import type { Secret } from '../proxy-model.ts';
import { fileName } from './file-name.ts';
import { discoveryResponse, fileSource, typed } from './vocabulary.ts';

/** The cluster of the secret service on a unix socket. */
export const secretServiceCluster = 'secrets@socket';

/** The file of a secret that is read from files. */
function secretFile(name: string): string {
  return fileName('secret', name);
}

/** Where Envoy gets a secret: a file that names PEM files, or the secret service. */
export function secretSource({ name, socket }: Secret, directory: string) {
  return { name, sds_config: socket === undefined ? fileSource(directory, secretFile(name)) : serviceSource };
}

/** The secret files by name: they name the PEM files, which are read again when something is renamed into their folder. */
export function secretFiles(secrets: readonly Secret[]): Record<string, object> {
  return Object.fromEntries(
    secrets.flatMap(({ name, files }) =>
      files ? [[secretFile(name), discoveryResponse([typed(type, { name, ...content(files) })])]] : [],
    ),
  );
}

const type = 'envoy.extensions.transport_sockets.tls.v3.Secret';

const serviceSource = {
  resource_api_version: 'V3',
  api_config_source: {
    api_type: 'GRPC',
    transport_api_version: 'V3',
    // Without it the cluster's name is the authority, which has to be one of a URI (RFC 3986, section 3.2).
    grpc_services: [{ envoy_grpc: { cluster_name: secretServiceCluster, authority: 'localhost' } }],
  },
};

function content(files: NonNullable<Secret['files']>) {
  if ('authorities' in files) {
    const { authorities } = files;
    return { validation_context: { trusted_ca: { filename: authorities }, ...watched(authorities) } };
  }
  const { certificateChain, privateKey } = files;
  return {
    tls_certificate: {
      certificate_chain: { filename: certificateChain },
      private_key: { filename: privateKey },
      ...watched(certificateChain),
    },
  };
}

function watched(file: string) {
  return { watched_directory: { path: file.slice(0, file.lastIndexOf('/')) || '/' } };
}
