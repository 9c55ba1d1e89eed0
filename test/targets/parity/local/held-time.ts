import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import type { GatewayConfiguration } from '../../../../src/gateway/configuration.ts';
import { createGateway } from '../../../../src/gateway/gateway.ts';
import { systemClock } from '../../../../src/kernel/clock.ts';
import { allowAll, callPort, type Scope } from '../../../gateway/gateway-under-test.ts';
import { smallest } from '../measure.ts';

/** An origin that holds each answer back until it is told to give it. */
interface HoldingOrigin {
  readonly port: number;
  /** Resolves once a request is there; what it resolves to answers it. */
  held(): Promise<() => void>;
}

/** How long a gateway of this configuration waits for the service, in milliseconds. */
export async function heldTime(
  scope: Scope,
  configuration: GatewayConfiguration,
  path: string,
): Promise<number> {
  const origin = await startHoldingOrigin(scope);
  const gateway = createGateway({
    configuration: { ...configuration, port: 0, ingress: { host: '127.0.0.1', port: origin.port } },
    authorize: allowAll,
    clock: systemClock,
  });
  const { port } = await gateway.listen();
  scope.after(() => gateway.close());
  let serial = 0;
  return timeout(origin, () => callPort(port, `${path}/held-${serial++}`));
}

/**
 * The time after which a proxy gives up on its origin, found with timers that are moved by hand: an origin that answers
 * once that much time is over comes too late, and one that answers before does not.
 */
export async function timeout(
  origin: HoldingOrigin,
  ask: () => Promise<{ readonly status: number }>,
): Promise<number> {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const found = await smallest(60_000, async (age) => {
      const held = origin.held();
      const reply = ask();
      const answer = await held;
      mock.timers.tick(age);
      answer();
      return (await reply).status === 504;
    });
    return found ?? Number.NaN;
  } finally {
    mock.timers.reset();
  }
}

export async function startHoldingOrigin(scope: Scope): Promise<HoldingOrigin> {
  const waiting: ((answer: () => void) => void)[] = [];
  const server = createServer((_request, response: ServerResponse) => {
    waiting.shift()?.(() => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    held: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
