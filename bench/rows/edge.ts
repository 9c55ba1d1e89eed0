import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compare, saturateHttp } from '../comparison.ts';
import type { BenchSetting } from '../context.ts';
import { callAtOnce, startCountingOrigin } from '../edge/collapse.ts';
import { startEdge } from '../edge/process.ts';
import { startReference } from '../reference/server.ts';
import type { RowResult } from '../row.ts';

const path = '/assets/bench-0123456789.js';
const body = `// ${'x'.repeat(1021)}`;
const callers = 1000;

/** A cached object of 1 KB on a behaviour without a function, beside a bare node:http server; and callers of one miss. */
export async function edgeRow({ scratch }: BenchSetting): Promise<RowResult> {
  const folder = join(scratch, 'pages');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, path), body);
  const origin = await startCountingOrigin();
  const edge = await startEdge({ gateway: origin, folder, storeFolder: join(scratch, 'edge-store') });
  const reference = await startReference('http-server', { BODY: body });
  const requests = [{ wire: `GET ${path} HTTP/1.1\r\nhost: edge\r\n\r\n`, status: 200, contains: 'xxx' }];
  try {
    await callAtOnce(edge, '/api/v1/data', callers);
    return {
      row: 'Edge: a cached object of 1 KB, and callers of one miss',
      measurements: [],
      comparisons: [
        await compare(
          { reference: 'a bare node:http server', unit: 'requests', requiredRatio: 0.5 },
          saturateHttp({ ...edge, requests }),
          saturateHttp({ ...reference, requests }),
        ),
      ],
      bounds: [
        {
          name: 'fetches',
          unit: 'fetches',
          measured: origin.asked(),
          atMost: 1,
          of: `the origin, for ${callers} callers of one miss at once`,
        },
      ],
    };
  } finally {
    edge.stop();
    reference.stop();
    origin.stop();
  }
}
