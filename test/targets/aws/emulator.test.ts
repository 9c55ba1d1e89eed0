import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { assemble, holdsData } from '../../../src/targets/aws/delivery/delivery.ts';
import { deploy } from '../../../src/targets/aws/delivery/deploy.ts';
import { destroy } from '../../../src/targets/aws/delivery/destroy.ts';
import { startEmulator } from '../../emulator.ts';
import { projectRoot } from '../../engines.ts';
import { createProject } from '../../system/project.ts';
import { deliveryTo } from './delivery/to-emulator.ts';
import { temporaryFolder } from './plan.ts';

const page = join(projectRoot, 'docs/emulator.md');
const list = join(projectRoot, 'src/targets/aws/delivery/unmodelled-types.json');
const writes = process.env.STRATA_GOLDEN === 'write';

/** Types it makes, but not as they are here: it knows no database instance that belongs to a cluster. */
const unlike = ['AWS::RDS::DBInstance'];

describe('an emulator of the account', async () => {
  const emulator = await startEmulator({ after });
  const lines: string[] = [];
  const delivery = deliveryTo(emulator, temporaryFolder(), lines);
  before(() => {
    process.env.CDK_VALIDATION = 'false';
  });
  const clientOf = (region: string) =>
    new CloudFormationClient({ region, endpoint: emulator.url, maxAttempts: 1 });
  /** The stacks as the emulator was given them. */
  const stacks = () => new CloudAssembly(delivery.folder).stacks;
  const given = () => stacks().filter(({ template }) => Object.keys(template.Resources ?? {}).length > 0);

  test('sees a deployment interrupted by Ctrl-C, which says what to do next and leaves no process', async (t) => {
    const cleanups: (() => Promise<void>)[] = [];
    t.after(async () => {
      for (const cleanup of cleanups) await cleanup();
    });
    const project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    const command = project.start('deploy', '--bootstrap', '--endpoint-url', String(delivery.endpoint));
    const ended = once(command, 'close');
    let [output, complaint] = ['', ''];
    let toolkit: number[] = [];
    command.stderr?.on('data', (data: Buffer) => {
      complaint += data.toString();
    });
    command.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      if (toolkit.length > 0 || !output.includes('deploying... [2/')) return;
      toolkit = childrenOf(Number(command.pid));
      command.kill('SIGINT');
    });
    assert.deepEqual(await ended, [1, null], output);
    assert.equal(
      complaint,
      '✗ deployment: interrupted; the account finishes by itself the stack it was at. Run strata deploy again: it goes on from there.\n',
    );
    assert.ok(toolkit.length > 0);
    for (const pid of toolkit) assert.ok(!existsSync(`/proc/${pid}`), 'the toolkit goes on');
    const begun = await clientOf('us-west-2').send(new DescribeStacksCommand({}));
    const count = begun.Stacks?.filter(({ StackName }) => StackName?.startsWith('cloud-native-')).length ?? 0;
    assert.ok(count > 0 && count < 12, `${count} stacks were made`);
  });

  // For an emulator the templates are the same with the data and without: nothing in them is protected.
  let made: CloudAssembly | undefined;
  const make: typeof assemble = (...inputs) => {
    made ??= assemble(...inputs);
    return made;
  };

  test('takes the whole platform, on from there, as far as it models the resources', async () => {
    const outputs = await deploy(delivery, { make });
    assert.match(String(outputs.Api), /^https:\/\/\w+\.execute-api\.us-west-2\.amazonaws\.com\/prod$/);
    for (const { stackName, environment, template } of given()) {
      const client = clientOf(environment.region);
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
      assert.equal(Stacks[0]?.StackStatus, 'CREATE_COMPLETE', stackName);
      const made = await client.send(new ListStackResourcesCommand({ StackName: stackName }));
      const expected = Object.keys(template.Resources).length;
      assert.equal(made.StackResourceSummaries?.length, expected, stackName);
    }
  });

  test('is told, and the page tells, what is left out: no more and no less than it does not model', async () => {
    const leftOut = new Map(
      lines.flatMap((line): [string, number][] => {
        const [, count, type] = /^left out, the emulator does not model it: (\d+) (\S+)$/.exec(line) ?? [];
        return type === undefined ? [] : [[type, Number(count)]];
      }),
    );
    const taken = new Map<string, number>();
    for (const { template } of given()) {
      for (const { Type } of Object.values(template.Resources as Record<string, { Type: string }>)) {
        taken.set(Type, (taken.get(Type) ?? 0) + 1);
      }
    }
    const modelled = new Set(emulator.modelled);
    for (const type of unlike) modelled.delete(type);
    const used = [...leftOut.keys(), ...taken.keys()];
    const expected = used.filter((type) => !type.startsWith('Custom::') && !modelled.has(type)).sort();
    if (writes) await writeFile(list, `${JSON.stringify(expected, undefined, 2)}\n`);
    assert.deepEqual(JSON.parse(await readFile(list, 'utf8')), expected);
    const text = pageOf(taken, leftOut);
    if (writes) await writeFile(page, text);
    assert.equal(await readFile(page, 'utf8'), text);
  });

  const names = (wanted: boolean) =>
    given()
      .filter((stack) => holdsData(stack) === wanted)
      .map(({ stackName }) => stackName)
      .sort();
  const standing = async () => {
    const regions = ['us-west-2', 'us-east-1'].map(async (region) => {
      const { Stacks = [] } = await clientOf(region).send(new DescribeStacksCommand({}));
      return Stacks.map(({ StackName = '' }) => StackName);
    });
    return (await Promise.all(regions)).flat().filter((name) => name.startsWith('cloud-native-'));
  };

  test('gives back all that runs, and keeps the stacks that hold data', async () => {
    const { removed, kept } = await destroy(delivery, false, make);
    assert.deepEqual([[...removed].sort(), [...kept].sort()], [names(false), names(true)]);
    assert.deepEqual((await standing()).sort(), names(true));
  });

  test('gives back the data, too, once what it never removes itself was taken out of its network', async () => {
    await removeRouteTables(emulator.url);
    const { removed, kept } = await destroy(delivery, true, make);
    assert.deepEqual([[...removed].sort(), kept], [names(true), []]);
    assert.deepEqual(await standing(), []);
  });
});

/** The emulator's CloudFormation makes route tables and never removes them, and a VPC that has some is not removed. */
async function removeRouteTables(url: string): Promise<void> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20260101/us-west-2/ec2/aws4_request';
  const call = async (words: Record<string, string>) => {
    const body = new URLSearchParams({ Version: '2016-11-15', ...words });
    return (await fetch(url, { method: 'POST', headers: { authorization }, body })).text();
  };
  const answer = await call({ Action: 'DescribeRouteTables' });
  for (const id of new Set(answer.match(/\brtb-[0-9a-f]+/g))) {
    await call({ Action: 'DeleteRouteTable', RouteTableId: id });
  }
}

/** Ids of the processes that a process started and that are there. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text.trim() !== '')
    .map(Number);
}

function pageOf(taken: ReadonlyMap<string, number>, leftOut: ReadonlyMap<string, number>): string {
  const rows = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .map(([type, count]) => `| \`${type}\` | ${count} |`)
      .sort()
      .join('\n');
  return `# What an emulator takes

\`strata deploy --endpoint-url URL\` sends the platform to an emulator of the account, and \`strata destroy
--endpoint-url URL\` takes it back. This page is written by the test that does both against moto's server, with all of
the stacks: \`STRATA_GOLDEN=write ./strata test test/targets/aws/emulator.test.ts\`.

To try it yourself, where \`moto_server\` is that of \`pip install 'moto[server]==5.2.5'\`:

\`\`\`sh
moto_server -p 5000 &
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
./strata deploy --bootstrap --endpoint-url http://localhost:5000
\`\`\`

What an emulator does not model is left out of the templates, and the command says so; whatever names such a resource
gets a placeholder in its place. Beside the types below it is given

- no images: it has no registry. Task definitions name images that are not there;
- no protection from deletion, and no parameters: it does not know the first, and takes no change of a stack that has
  the second;
- no custom resources (\`Custom::…\`): they run a function, and it has nothing to run one in.

\`strata destroy --delete-data\` needs a hand there: moto's CloudFormation makes route tables and never removes them, and
moto keeps a VPC that has some. Removed before (\`aws ec2 delete-route-table\`, one by one), everything goes.

## Taken

| type | resources |
|---|---|
${rows(taken)}

## Left out

| type | resources |
|---|---|
${rows(leftOut)}
`;
}
