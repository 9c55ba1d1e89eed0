import { connect } from 'node:net';

/**
 * Sends commands to a Valkey server, one after the other, and returns its answers as text (errors start with `-`).
 * Only for single-line and bulk answers (RESP, https://valkey.io/topics/protocol/).
 * @param timeout milliseconds for all of it
 * @throws Error when the connection fails or the answers do not come in time
 */
export function respond(
  port: number,
  commands: readonly (readonly string[])[],
  timeout: number,
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    const end = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(new Error(`no answer within ${timeout} ms`))), timeout);
    socket.setEncoding('latin1');
    socket.on('error', (error) => end(() => reject(error)));
    socket.on('close', () => end(() => reject(new Error('the connection was closed'))));
    socket.on('data', (part: string) => {
      received += part;
      const answers = parse(received);
      if (answers.length >= commands.length) end(() => resolve(answers));
    });
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
  });
}

/** A command as an array of bulk strings. */
function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`;
}

/** The complete answers at the beginning of what was received. */
export function parse(received: string): string[] {
  const answers: string[] = [];
  for (let at = 0; ; ) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return answers;
    const line = received.slice(at, lineEnd);
    const start = lineEnd + 2;
    if (!line.startsWith('$') || line === '$-1') {
      answers.push(line);
      at = start;
      continue;
    }
    const end = start + Number(line.slice(1));
    if (received.length < end + 2) return answers;
    answers.push(received.slice(start, end));
    at = end + 2;
  }
}
