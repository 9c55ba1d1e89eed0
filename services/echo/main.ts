import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';

/*
 * Stands for a service until its own program takes its place: on every port of its task it says who it is and what it
 * was asked, over HTTP/1.1 and HTTP/2; gRPC calls are told that they are not implemented, but for health checks.
 * `GET /call/HOST/path` calls another service through the mesh and answers what that answered.
 */

const name = process.env.SERVICE_NAME ?? 'echo';
const task = process.env.TASK_ID ?? name;

/** What every HTTP/2 connection begins with: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const preface = 'PRI * HTTP/2.0';

/** `grpc.health.v1.HealthCheckResponse { status: SERVING }` in its frame. */
const serving = Buffer.from([0, 0, 0, 0, 2, 8, 1]);
const healthService = '/grpc.health.v1.Health/Check';
const unimplemented = '12';

function answer(method: string | undefined, path: string | undefined, headers: IncomingHttpHeaders): string {
  if (path === '/health') return `${JSON.stringify({ status: 'ok' })}\n`;
  return `${JSON.stringify({ service: name, task, method, path, headers }, undefined, 2)}\n`;
}

const http = createHttpServer((incoming, response) => {
  const { method, url, headers } = incoming;
  incoming.resume();
  const [, host, path = '/'] = /^\/call\/([\w.-]+)(\/.*)?$/.exec(url ?? '') ?? [];
  if (host !== undefined) return passOn(host, path, headers, response);
  response.setHeader('content-type', 'application/json');
  response.end(answer(method, url, headers));
});

/** Calls a virtual service: its name is the Host of a request to the sidecar. */
function passOn(
  host: string,
  path: string,
  { connection: _, ...headers }: IncomingHttpHeaders,
  response: ServerResponse,
): void {
  const egress = new URL(path, process.env.MESH_EGRESS_URL ?? 'http://127.0.0.1:15001');
  const call = request(egress, { headers: { ...headers, host } }, (answered) => {
    const { statusCode = 502, headers: own } = answered;
    response.writeHead(statusCode, { 'content-type': own['content-type'] ?? 'text/plain' });
    answered.pipe(response);
  });
  call.on('error', ({ message }) => response.writeHead(502).end(`${message}\n`));
  call.end();
}

const http2 = createHttp2Server();
http2.on('stream', (stream, headers) => {
  const path = headers[':path'];
  stream.on('error', () => undefined);
  stream.resume();
  if (headers['content-type']?.startsWith('application/grpc')) return answerGrpc(stream, path);
  stream.respond({ ':status': 200, 'content-type': 'application/json' });
  stream.end(answer(headers[':method'], path, headers));
});

function answerGrpc(stream: ServerHttp2Stream, path: string | undefined): void {
  const healthy = path === healthService;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers(
      healthy
        ? { 'grpc-status': '0' }
        : { 'grpc-status': unimplemented, 'grpc-message': `${name} is an echo: ${path ?? ''}` },
    );
  });
  stream.end(healthy ? serving : undefined);
}

/** Hands a connection to the protocol that its first bytes speak. */
function accept(socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('readable', () => {
    const start: Buffer | null = socket.read();
    if (start === null) return;
    socket.unshift(start);
    const speaker = start.toString('latin1', 0, preface.length) === preface ? http2 : http;
    speaker.emit('connection', socket);
  });
}

const ports = Object.entries(process.env)
  .filter(([variable]) => variable === 'PORT' || /^PORT_\d+$/.test(variable))
  .map(([, port]) => Number(port));
const servers = [...new Set(ports)].map((port): Server => createServer(accept).listen(port, '127.0.0.1'));

process.once('SIGTERM', () => {
  for (const server of servers) server.close();
  http.closeIdleConnections();
  setTimeout(() => process.exit(0), 1000).unref();
});
