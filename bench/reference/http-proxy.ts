import { createServer } from 'node:http';
import { Pool } from 'undici';

/** The bare reference for a gateway: passes each GET on to UPSTREAM through one keep-alive pool. */
const upstream = new Pool(process.env.UPSTREAM ?? '', { connections: 128, pipelining: 1 });
const server = createServer((request, response) => {
  upstream.dispatch(
    { path: request.url ?? '/', method: 'GET', headers: { host: 'reference' } },
    {
      onRequestStart() {},
      onResponseStart(_controller, status, headers) {
        const { connection, ...end } = headers;
        void connection;
        response.writeHead(status, end);
      },
      onResponseData(_controller, chunk) {
        response.write(chunk);
      },
      onResponseEnd() {
        response.end();
      },
      onResponseError() {
        if (!response.headersSent) response.writeHead(502);
        response.end();
      },
    },
  );
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit(0));
