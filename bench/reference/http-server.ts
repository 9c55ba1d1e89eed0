import { createServer } from 'node:http';

/** The bare reference for answers from a cache: node:http, one buffer, nothing else. */
const body = Buffer.from(process.env.BODY ?? '{}');
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 65_000;
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit(0));
