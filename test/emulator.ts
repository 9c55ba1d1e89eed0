import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterwards, freePort, type Lifetime } from './engines.ts';
import { eventually } from './eventually.ts';
import { pythonTool, pythonTools } from './python-tool.ts';

/** An account in memory: moto's server, as far as it models the vendor's services. */
export interface Emulator {
  readonly url: string;
  readonly region: string;
  /** Resource types it makes of templates, as it says itself. */
  readonly modelled: ReadonlySet<string>;
  /** The environment of programs that are to use it. */
  readonly variables: Readonly<Record<string, string>>;
}

const startTimeout = 60_000;

/** Starts an emulated account, empty, for the length of a test. */
export async function startEmulator(lifetime: Lifetime): Promise<Emulator> {
  const environment = await pythonTool(pythonTools.moto);
  const port = await freePort();
  const program = [
    'import json',
    'from moto.cloudformation.parsing import get_model_map',
    'print(json.dumps(list(get_model_map())), flush=True)',
    'from moto.server import main',
    `main(["-H", "127.0.0.1", "-p", "${port}"])`,
  ].join('\n');
  const child = spawn('python3', ['-c', program], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said = createInterface({ input: child.stdout });
  const types = once(said, 'line');
  afterwards(lifetime, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error('the emulator ended');
      await (await fetch(`${url}/moto-api/data.json`)).text();
    },
    { timeout: startTimeout, interval: 100 },
  );
  const [line] = await types;
  const region = 'us-west-2';
  const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: region };
  return {
    url,
    region,
    modelled: new Set<string>(JSON.parse(line)),
    variables: { ...keys, AWS_ENDPOINT_URL: url },
  };
}
