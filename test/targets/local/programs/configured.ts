import { createServer } from 'node:http';
import { z } from 'zod';

/** Starts with the first configuration it gets over IPC, answers with the latest one's greeting, and to requests. */
const message = z.union([
  z.object({ type: z.literal('configure'), configuration: z.object({ greeting: z.string() }) }),
  z.object({ type: z.literal('request'), id: z.number(), request: z.string() }),
]);
let greeting: string | undefined;
const server = createServer((_request, response) => response.end(greeting));

process.on('message', (received) => {
  const said = message.parse(received);
  if (said.type === 'request') {
    const refused =
      said.request === 'refused' ? { error: 'it is refused' } : { result: `${greeting} ${said.request}` };
    process.send?.({ type: 'reply', id: said.id, ...refused });
    return;
  }
  const { configuration } = said;
  const first = greeting === undefined;
  greeting = configuration.greeting;
  if (greeting === 'refused')
    process.send?.({ type: 'failed', code: 'port-taken', parameters: { component: 'greeter', port: 1 } });
  else if (first)
    server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.({ type: 'ready' }));
  else process.send?.({ type: 'ready' });
});
process.on('SIGTERM', () => process.exit(0));
