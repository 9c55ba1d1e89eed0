import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { StrataError } from '../../kernel/errors.ts';
import { portOwner } from './process-table.ts';

/** The ports people know. */
export interface FixedPorts {
  readonly edge: number;
  readonly gateway: number;
  readonly console: number;
  readonly identity: number;
}

/** Where the four fixed ports start when nothing else is asked for. */
export const defaultPortBase = 8080;

/** The four fixed ports from a base up. */
export function fixedPorts(base: number): FixedPorts {
  return { edge: base, gateway: base + 1, console: base + 2, identity: base + 3 };
}

/**
 * Makes sure that nobody listens on the fixed ports this platform uses.
 * @throws StrataError port-taken, with the owner when it can be seen
 */
export async function requireFree(ports: Readonly<Record<string, number>>, base: number): Promise<void> {
  for (const [component, port] of Object.entries(ports)) {
    if (await canListen(port)) continue;
    const alternative = base + 1000 <= 65_000 ? base + 1000 : defaultPortBase;
    throw new StrataError('port-taken', { component, port, owner: portOwner(port), alternative });
  }
}

/**
 * Hands out ports nobody listens on, each once.
 * @param reserved ports that must not be among them
 *
 * They lie below the range outgoing connections draw from, so that none takes the port of a process being restarted.
 */
export function createPortAllocator(reserved: readonly number[] = []): () => Promise<number> {
  const ceiling = ephemeralStart();
  const floor = Math.max(10_000, ceiling - 16_000);
  const given = new Set(reserved);
  return async () => {
    for (let attempt = 0; attempt < 1000; attempt += 1) {
      const port = floor + Math.floor(Math.random() * (ceiling - floor));
      if (given.has(port)) continue;
      given.add(port);
      if (await canListen(port)) return port;
    }
    throw new StrataError('component-not-ready', {
      component: 'supervisor',
      seconds: 0,
      reason: 'no free port on 127.0.0.1',
    });
  };
}

/** Whether a port of 127.0.0.1 can be listened on. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** First port outgoing connections draw from (ip_local_port_range in ip(7)). */
function ephemeralStart(): number {
  try {
    const low = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
    return low >= 12_000 && low <= 60_000 ? low : 32_768;
  } catch {
    return 32_768;
  }
}
