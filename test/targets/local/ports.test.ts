import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { StrataError } from '../../../src/kernel/errors.ts';
import { createPortAllocator, fixedPorts, requireFree } from '../../../src/targets/local/ports.ts';

test('a fixed port somebody listens on is refused with who it is and what to do', async (t) => {
  const freePort = createPortAllocator();
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  await assert.rejects(requireFree({ gateway: port }, 8080), (error) => {
    assert.ok(error instanceof StrataError);
    assert.equal(
      error.line,
      `gateway: port ${port} is in use by node (pid ${process.pid}). Stop it, or run strata up --port-base 9080.`,
    );
    return true;
  });
});

test('the four ports people know follow their base', () => {
  assert.deepEqual(fixedPorts(9080), { edge: 9080, gateway: 9081, console: 9082, identity: 9083 });
});

test('a port is given once, and never a reserved one', async () => {
  const first = createPortAllocator();
  const ports = await Promise.all(Array.from({ length: 20 }, first));
  assert.equal(new Set(ports).size, 20);
});
