import { chmodSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Plan } from '../../model/plan.ts';
import type { StatePaths } from './paths.ts';
import type { Progress, ProgressEvent } from './progress.ts';

/** What a command asks of the supervisor. */
export type ControlRequest =
  | { readonly type: 'apply'; readonly plan: Plan; readonly portBase?: number }
  /** Removes what the path patterns name from the edge's cache; says as `removed` how many were stored. */
  | { readonly type: 'invalidate'; readonly paths: readonly string[] }
  | { readonly type: 'stop' };

/** What the supervisor says to it: progress, then one end. */
type ControlReply =
  | { readonly type: 'progress'; readonly event: ProgressEvent }
  | { readonly type: 'done'; readonly urls: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly line: string };

/**
 * Answers one request; what it throws reaches the asker as one line. Undefined when the supervisor goes away without
 * having done it: the connection then ends without a reply, and another supervisor may be asked.
 */
export type ControlHandler = (
  request: ControlRequest,
  progress: Progress,
) => Promise<Readonly<Record<string, string>> | undefined>;

const requestSchema = z.discriminatedUnion('type', [
  // The plan comes from a process of the same user and the same code, through a socket nobody else may open.
  z.object({ type: z.literal('apply'), plan: z.custom<Plan>(), portBase: z.number().optional() }),
  z.object({ type: z.literal('invalidate'), paths: z.array(z.string()) }),
  z.object({ type: z.literal('stop') }),
]);

/** Name of the folder that holds a project's state. */
const stateFolderName = '.strata';

/** Bytes a unix socket's path may have, its final NUL included (unix(7), sun_path). */
const pathLimit = 108;

/** Chooses where the control socket is: beside the state, or in a private temporary folder when that path is too long. */
export function controlPath(paths: StatePaths): string {
  const beside = join(paths.state, 'control.sock');
  if (Buffer.byteLength(beside) < pathLimit) return beside;
  return join(mkdtempSync(join(tmpdir(), 'strata-')), 'control.sock');
}

/** Opens the control socket, for this user only. @returns closes it and removes its file */
export async function serveControl(
  path: string,
  handle: ControlHandler,
  lineOf: (error: unknown) => string,
): Promise<() => Promise<void>> {
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const say = (reply: ControlReply) => {
      if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`);
    };
    createInterface({ input: socket }).on('line', async (line) => {
      try {
        const request = requestSchema.parse(JSON.parse(line)) as ControlRequest;
        const urls = await handle(request, (event) => say({ type: 'progress', event }));
        if (urls) say({ type: 'done', urls });
      } catch (error) {
        say({ type: 'failed', line: lineOf(error) });
      }
      socket.end();
    });
  });
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(mask);
  }
  chmodSync(path, 0o600);
  return async () => {
    for (const socket of sockets) socket.end();
    await new Promise((resolve) => server.close(resolve));
    rmSync(path, { force: true });
    // Only the folder made for the socket, and only if nothing else is in it.
    if (basename(dirname(path)) !== stateFolderName) rmdirSync(dirname(path));
  };
}

/**
 * Asks the supervisor and settles with the platform's URLs when it is done.
 * @throws ControlFailure with the supervisor's one line; an Error with the system's code when the connection breaks,
 * ECONNRESET when it ended without a reply
 */
export function askSupervisor(
  path: string,
  request: ControlRequest,
  progress: Progress,
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    let failure: Error = Object.assign(new Error('the connection to the supervisor ended'), {
      code: 'ECONNRESET',
    });
    socket.once('error', (error) => {
      failure = error;
    });
    socket.once('close', () => reject(failure));
    createInterface({ input: socket }).on('line', (line) => {
      const reply = JSON.parse(line) as ControlReply;
      if (reply.type === 'progress') progress(reply.event);
      if (reply.type === 'done') resolve(reply.urls);
      if (reply.type === 'failed') reject(new ControlFailure(reply.line));
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });
}

/** The supervisor could not do what was asked; the message is the line a person reads. */
export class ControlFailure extends Error {}
