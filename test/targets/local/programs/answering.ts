import { createServer } from 'node:http';

/** Answers with its process id on PORT; ends when asked to. */
const server = createServer((_request, response) => response.end(String(process.pid)));
server.listen(Number(process.env.PORT), '127.0.0.1', () =>
  process.stdout.write(`listens as ${process.pid}\n`),
);
process.on('SIGTERM', () => {
  if (process.env.STUBBORN === undefined) process.exit(0);
});
