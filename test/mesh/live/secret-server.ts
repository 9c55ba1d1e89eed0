import { join } from 'node:path';
import { Server, type ServerDuplexStream, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterwards, type Lifetime } from '../../engines.ts';
import { listening } from './applications/grpc.ts';

/** A secret as Envoy gets it: a certificate with its key, or what to trust. PEM texts. */
type Secret = { readonly chain: string; readonly key: string } | { readonly authority: string };

/** A secret discovery service on a unix socket, as a SPIRE agent is one. */
export interface SecretServer {
  /** Gives a secret from now on, also to those who have asked for its name already. */
  provide(name: string, secret: Secret): void;
}

interface DiscoveryRequest {
  readonly resourceNames?: readonly string[];
}

const typeUrl = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const definitions = loadSync(join(import.meta.dirname, 'secret-discovery.proto'));

/** Starts the service on a unix socket. */
export async function startSecretServer(lifetime: Lifetime, path: string): Promise<SecretServer> {
  const secrets = new Map<string, Secret>();
  const subscriptions = new Map<ServerDuplexStream<DiscoveryRequest, object>, readonly string[]>();
  let version = 0;
  const send = (stream: ServerDuplexStream<DiscoveryRequest, object>, names: readonly string[]) => {
    const resources = names.flatMap((name) => {
      const secret = secrets.get(name);
      return secret ? [{ typeUrl, value: secretMessage(name, secret) }] : [];
    });
    version += 1;
    if (resources.length > 0)
      stream.write({ versionInfo: `${version}`, nonce: `${version}`, typeUrl, resources });
  };
  const server = new Server();
  server.addService(definitions['envoy.service.secret.v3.SecretDiscoveryService'] as ServiceDefinition, {
    streamSecrets: (stream: ServerDuplexStream<DiscoveryRequest, object>) => {
      stream.on('data', ({ resourceNames = [] }: DiscoveryRequest) => {
        const before = subscriptions.get(stream);
        subscriptions.set(stream, resourceNames);
        // A request for the same names acknowledges what was sent before, or says why it was not taken.
        if (before?.join() !== resourceNames.join()) send(stream, resourceNames);
      });
      stream.on('end', () => stream.end()).on('close', () => subscriptions.delete(stream));
      stream.on('error', () => subscriptions.delete(stream));
    },
  });
  await listening(server, `unix:${path}`);
  afterwards(lifetime, async () => server.forceShutdown());
  return {
    provide: (name, secret) => {
      secrets.set(name, secret);
      for (const [stream, names] of subscriptions) if (names.includes(name)) send(stream, [name]);
    },
  };
}

function secretMessage(name: string, secret: Secret): object {
  return 'authority' in secret
    ? { name, validationContext: { trustedCa: { inlineString: secret.authority } } }
    : {
        name,
        tlsCertificate: {
          certificateChain: { inlineString: secret.chain },
          privateKey: { inlineString: secret.key },
        },
      };
}
