import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { createAdapterFactory } from './adapter.ts';
import { type AppClient, findClient } from './clients.ts';
import { endpointOf, type IdentityConfiguration, issuerOf } from './configuration.ts';
import { limits } from './limits.ts';
import { createLockout } from './lockout.ts';
import { createProvider } from './provider.ts';
import { createRouter } from './router.ts';
import { createSignInAttempt } from './sign-in-attempt.ts';
import { openSigningKeys } from './signing-keys.ts';
import { openState } from './state.ts';
import { createTokens } from './tokens.ts';
import { openUserDirectory } from './users.ts';

/** A running user pool. */
export interface UserPool {
  readonly address: { readonly host: string; readonly port: number };
  readonly issuer: string;
  /** Replaces users and clients; connections, sessions and tokens stay. */
  update(configuration: IdentityConfiguration): Promise<void>;
  /** A new key signs from now on; the old one stays published until its last token has expired. */
  rotateKeys(): Promise<void>;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
const rotationCheckInterval = 3_600_000;

/**
 * Starts the user pool on 127.0.0.1. The issuer holds the port, so the port is free to choose (0) only where
 * tokens need not outlive the process.
 * @throws the listen error (EADDRINUSE when the port is taken), or that of an unusable state directory.
 */
export async function openUserPool(
  first: IdentityConfiguration,
  { clock = systemClock }: { clock?: Clock } = {},
): Promise<UserPool> {
  let configuration = first;
  const server = createServer({
    maxHeaderSize: limits.headerSize,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
  });
  server.maxConnections = limits.connections;
  let closing: Promise<void> | undefined;
  let route = answerStarting;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    response.once('close', () => {
      if (closing) server.closeIdleConnections();
    });
    route(request, response);
  });
  const port = await listen(server, first.port);
  const issuer = issuerOf({ port, region: first.region });
  try {
    const state = openState(first.stateDirectory);
    const keys = await openSigningKeys(first.stateDirectory, clock);
    const users = openUserDirectory(state);
    await users.apply(first.users);
    const clientOf = (clientId: string): AppClient | undefined => findClient(configuration, clientId);
    const adapter = createAdapterFactory(state, {
      findClient: clientOf,
      clock,
      capacity: limits.entries,
    });
    const makeProvider = () => createProvider({ issuer, keys, users, adapter, findClient: clientOf });

    await keys.rotateWhenDue();
    let provider = makeProvider();
    route = createRouter({
      issuer,
      domain: endpointOf({ port }),
      clock,
      keys,
      tokens: createTokens({ issuer, keys, users, provider: () => provider }),
      attemptSignIn: createSignInAttempt(users, createLockout(clock, limits.trackedNames)),
      findClient: clientOf,
      provider: () => provider,
      hint: () => configuration.hint,
    });
    const rotation = setInterval(() => {
      keys.rotateWhenDue().then(
        (rotated) => {
          if (rotated) provider = makeProvider();
        },
        (error) => process.emitWarning(error),
      );
    }, rotationCheckInterval).unref();

    return {
      address: { host, port },
      issuer,
      async update(next) {
        await users.apply(next.users);
        configuration = {
          ...next,
          port: first.port,
          stateDirectory: first.stateDirectory,
          region: first.region,
        };
      },
      async rotateKeys() {
        await keys.rotate();
        provider = makeProvider();
      },
      close() {
        closing ??= drain(server).then(() => {
          clearInterval(rotation);
          state.close();
        });
        return closing;
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

function answerStarting(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end();
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), limits.drainTimeout);
  await closed;
  clearTimeout(deadline);
}
