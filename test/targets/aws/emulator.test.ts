import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import blueprint from '../../../blueprint.ts';
import { startEmulator } from '../../emulator.ts';
import { projectRoot } from '../../engines.ts';
import { pythonTool, pythonTools } from '../../python-tool.ts';
import { emulatedTemplate, type StackTemplate } from './emulated-template.ts';
import { synthesized } from './synthesis.ts';

const account = '123456789012';
const page = join(projectRoot, 'docs/emulator.md');

/** The smallest archive there is: no files. */
const emptyArchive = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

/** Resource types the emulator makes of templates. */
async function modelledTypes(): Promise<Set<string>> {
  const environment = await pythonTool(pythonTools.moto);
  const program =
    'import json; from moto.cloudformation.parsing import get_model_map; print(json.dumps(list(get_model_map())))';
  const { stdout } = await promisify(execFile)('python3', ['-c', program], {
    env: { ...process.env, ...environment },
  });
  const known = new Set<string>(JSON.parse(stdout));
  for (const type of unlike) known.delete(type);
  return known;
}

/** Types it makes, but not as they are here: it knows no database instance that belongs to a cluster. */
const unlike = ['AWS::RDS::DBInstance'];

describe('an emulator of the account', async () => {
  const [emulator, modelled] = [await startEmulator({ after }), await modelledTypes()];
  const { stacks } = synthesized(blueprint, { emulated: true, account });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clientOf = (region: string) =>
    new CloudFormationClient({ region, credentials, endpoint: emulator.url, maxAttempts: 1 });

  // What `cdk bootstrap` and the upload of bundles would have put there.
  before(async () => {
    const put = async (path: string, body?: Buffer) => {
      const answer = await fetch(`${emulator.url}/${path}`, {
        method: 'PUT',
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request' },
      });
      assert.ok(answer.ok, await answer.text());
    };
    for (const region of new Set(stacks.map(({ environment }) => environment.region))) {
      await put(`cdk-hnb659fds-assets-${account}-${region}`);
    }
    for (const { template, environment } of stacks) {
      const bucket = `cdk-hnb659fds-assets-${account}-${environment.region}`;
      for (const [key] of JSON.stringify(template).matchAll(/\b[0-9a-f]{64}\.zip\b/g)) {
        await put(`${bucket}/${key}`, emptyArchive);
      }
    }
  });

  test('accepts every stack as far as it models the resources', async () => {
    for (const { stackName, environment, template } of stacks) {
      const client = clientOf(environment.region);
      const { Exports = [] } = await client.send(new ListExportsCommand());
      const exported = new Set(Exports.map(({ Name = '' }) => Name));
      const part = emulatedTemplate(template as StackTemplate, modelled, exported);
      const expected = Object.keys(part.Resources).length;
      if (expected === 0) continue;
      const body = { StackName: stackName, TemplateBody: JSON.stringify(part) };
      await client.send(new CreateStackCommand({ ...body, Capabilities: ['CAPABILITY_NAMED_IAM'] }));
      const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
      assert.equal(Stacks[0]?.StackStatus, 'CREATE_COMPLETE', stackName);
      const made = await client.send(new ListStackResourcesCommand({ StackName: stackName }));
      assert.equal(made.StackResourceSummaries?.length, expected, stackName);
    }
  });

  test('does not model what the page says, and models the rest', async () => {
    const counts = new Map<string, { modelled: boolean; count: number }>();
    for (const { template } of stacks) {
      for (const { Type } of Object.values((template as StackTemplate).Resources)) {
        const count = (counts.get(Type)?.count ?? 0) + 1;
        counts.set(Type, { modelled: modelled.has(Type), count });
      }
    }
    const rows = (wanted: boolean) =>
      [...counts]
        .filter(([, entry]) => entry.modelled === wanted)
        .map(([type, { count }]) => `| \`${type}\` | ${count} |`)
        .sort()
        .join('\n');
    const text = `# What an emulator takes

\`strata deploy --endpoint-url URL\` sends the templates to an emulator of the account. The test of the templates
sends them to moto's server, stack by stack, and it accepts all it models; what it does not model is taken out first.
This page is written by that test: \`STRATA_GOLDEN=write ./strata test test/targets/aws/emulator\`.

## Accepted

| type | resources |
|---|---|
${rows(true)}

## Not modelled

| type | resources |
|---|---|
${rows(false)}
`;
    if (process.env.STRATA_GOLDEN === 'write') await writeFile(page, text);
    assert.equal(await readFile(page, 'utf8'), text);
  });
});
