import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { temporaryFolder } from '../../engines.ts';
import { pythonTool, pythonTools } from '../../python-tool.ts';
import { assembly } from './templates.ts';

/** Lints templates with cfn-lint, each in its own region. @returns what it found */
async function findings(
  files: readonly { readonly path: string; readonly region: string }[],
): Promise<string> {
  const environment = await pythonTool(pythonTools['cfn-lint']);
  const byRegion = Map.groupBy(files, ({ region }) => region);
  const runs = [...byRegion].map(
    ([region, group]) =>
      new Promise<string>((done) => {
        const program = 'from cfnlint.runner import main; main()';
        const words = ['-c', program, '--regions', region, '--', ...group.map(({ path }) => path)];
        execFile('python3', words, { env: { ...process.env, ...environment } }, (error, stdout, stderr) =>
          done(error === null ? '' : stdout + stderr),
        );
      }),
  );
  return (await Promise.all(runs)).join('');
}

describe("the templates and CloudFormation's specification", () => {
  const templates = assembly().stacks.map(({ templateFullPath, environment }) => ({
    path: templateFullPath,
    region: environment.region,
  }));

  // One that is wrong is among them: what is found is found, and nowhere else.
  test('agree, where a template that differs would be seen: no error and no warning', async (t) => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'wrong.json');
    const bucket = { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: 'on' } };
    await writeFile(path, JSON.stringify({ Resources: { bucket } }));
    const found = await findings([...templates, { path, region: blueprint.region }]);
    const [finding, ...others] = found.trim().split('\n\n');
    assert.match(finding ?? '', /'on' is not of type 'object'\n.*wrong\.json:/);
    assert.deepEqual(others, []);
  });
});
