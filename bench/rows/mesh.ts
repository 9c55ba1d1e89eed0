import type { BenchSetting } from '../context.ts';
import { measureCompilation } from '../mesh/compilation.ts';
import { measurePair } from '../mesh/cost.ts';
import { startPair } from '../mesh/pair.ts';
import type { RowResult } from '../row.ts';

/** Published for a sidecar at 1,000 requests a second with mutual TLS: https://istio.io/latest/docs/ops/deployment/performance-and-scalability/ */
const istio = { rate: 1000, cpu: 0.2, megabytes: 60, addedP99: 2.8 } as const;

/** Nodes, and routes, of the mesh that is compiled as a whole; milliseconds it may take. */
const large = { nodes: 1000, milliseconds: 2000 } as const;

const rounds = 3;

/** What a sidecar pair with mutual TLS adds to an app, and what compiling a large mesh takes. */
export async function meshRow({ engines, scratch, warmup, duration }: BenchSetting): Promise<RowResult> {
  const body = JSON.stringify({ id: 'bench', name: 'Bench', attributes: { text: 'x'.repeat(400) } });
  const pair = await startPair({ engines, folder: `${scratch}/pair`, body });
  try {
    const schedule = { rate: istio.rate, warmup, duration: duration / 2, rounds };
    const cost = await measurePair(pair, body, schedule);
    const { direct, pair: through } = cost;
    const added = { p50: through.p50 - direct.p50, p99: through.p99 - direct.p99 };
    const compilation = measureCompilation(large.nodes, rounds);
    return {
      row: 'Mesh: a sidecar pair with mutual TLS, and a mesh compiled as a whole',
      measurements: [
        {
          name: 'pair',
          unit: 'requests',
          target: { rate: istio.rate, p99: direct.p99 + istio.addedP99, availability: 0.9999 },
          measured: cost.measured,
          notes: [
            `the app alone, in turn with the pair: p50 ${direct.p50.toFixed(2)} ms  p99 ${direct.p99.toFixed(2)} ms`,
            `the pair adds ${added.p50.toFixed(2)} ms to p50 and ${added.p99.toFixed(2)} ms to p99 (Istio, two proxies: ${istio.addedP99} ms to p99)`,
          ],
        },
      ],
      comparisons: [],
      bounds: [
        {
          name: 'CPU',
          unit: 'vCPU',
          measured: cost.cpuPerThousand,
          atMost: istio.cpu,
          of: 'Istio, a sidecar at 1,000 requests/s',
        },
        {
          name: 'memory',
          unit: 'MB',
          measured: cost.memory.resident / 1e6,
          of: `Istio, a sidecar: ${istio.megabytes}; ${(cost.memory.file / 1e6).toFixed(0)} are pages of the executable, which sidecars share`,
        },
        {
          name: 'compilation',
          unit: 'ms',
          measured: compilation.milliseconds,
          atMost: large.milliseconds,
          of: `all proxies of ${large.nodes} nodes and as many routes`,
        },
        {
          name: 'one proxy',
          unit: 'kB',
          measured: compilation.largestBytes / 1000,
          of: 'the largest configuration of that mesh, which knows 13 nodes',
        },
        {
          name: 'strangers',
          unit: 'proxies',
          measured: compilation.wrong.length,
          atMost: 0,
          of: 'whose configurations know more or fewer nodes than they call and are called by',
        },
      ],
    };
  } finally {
    pair.stop();
  }
}
