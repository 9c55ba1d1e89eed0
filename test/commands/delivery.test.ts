import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createProject, type Project } from '../system/project.ts';

describe('the command line, towards an account', () => {
  let project: Project;
  const cleanups: (() => Promise<void>)[] = [];
  const surroundings = { ...process.env };
  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    for (const name of Object.keys(process.env).filter((key) => key.startsWith('AWS_'))) {
      delete process.env[name];
    }
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    });
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
    process.env = surroundings;
  });

  test('synth writes every stack without an account, names them, and takes away what was there before', async () => {
    const output = join(project.folder, 'templates');
    const first = await project.strata('synth', '--output', output);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^ {2}cloud-native-network +us-west-2 +\d+ resources$/m);
    await writeFile(join(output, 'cloud-native-gone.template.json'), '{}');
    await writeFile(join(output, 'notes.txt'), 'mine');
    const names = (await readdir(output)).toSorted();
    const second = await project.strata('synth', '--output', output, '--account', '123456789012');
    assert.equal(second.stdout, first.stdout);
    assert.deepEqual(
      (await readdir(output)).filter((name) => !name.startsWith('asset.')).toSorted(),
      names.filter((name) => !name.startsWith('asset.') && !name.includes('gone')),
    );
    assert.match(await readFile(join(output, 'manifest.json'), 'utf8'), /aws:\/\/123456789012\/us-west-2/);
    // The library's own look at the templates takes four seconds, and here they had it.
    process.env.CDK_VALIDATION = 'false';
  });

  test('what needs an account says that there are no credentials, and how to get some', async () => {
    for (const words of [['deploy'], ['diff'], ['deploy', '--bootstrap']]) {
      const { code, stderr } = await project.strata(...words);
      assert.equal(code, 1, words.join(' '));
      assert.equal(
        stderr,
        '✗ account: there are no credentials. Run aws configure or aws sso login, or set AWS_PROFILE, and run the command again.\n',
      );
    }
  });

  test('a profile without credentials is named', async () => {
    process.env.AWS_PROFILE = 'nobody';
    const { code, stderr } = await project.strata('diff');
    delete process.env.AWS_PROFILE;
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^✗ account: the profile nobody, which AWS_PROFILE names, has no credentials \(.+\)\. Run /,
    );
    assert.equal(stderr.split('\n').length, 2);
  });

  describe('says what an account refuses, and the next command', () => {
    let [status, body] = [200, ''];
    const account = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
    before(async () => {
      account.listen(0, '127.0.0.1');
      await once(account, 'listening');
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
    });
    after(() => {
      account.close();
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
    });
    const namespace = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';
    const refuses = (code: string) => {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>Said by the account.</Message></Error>`;
      return [403, `<ErrorResponse ${namespace}>${error}<RequestId>1</RequestId></ErrorResponse>`] as const;
    };
    const hasStack = (state: string) => {
      const stack = `<StackName>cloud-native-compute</StackName><StackStatus>${state}</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>`;
      const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
      return [200, `<DescribeStacksResponse ${namespace}>${result}</DescribeStacksResponse>`] as const;
    };
    const cases = [
      ['credentials that expired', refuses('ExpiredToken'), /expired\. Run aws sso login, or however/],
      [
        'credentials of nobody',
        refuses('InvalidClientTokenId'),
        /Check them with aws sts get-caller-identity/,
      ],
      ['a region that is not enabled', refuses('OptInRequired'), /a newer region has to be enabled first/],
      ['rights that are missing', refuses('AccessDenied'), /Use a role that may deploy with the CDK/],
      [
        'a stack that failed',
        hasStack('UPDATE_ROLLBACK_FAILED'),
        /Run aws cloudformation continue-update-rollback --stack-name cloud-native-compute --region us-west-2, then strata deploy again/,
      ],
      [
        'an answer of somebody else',
        [200, '<html>'],
        /answered what nobody could use .* or at --endpoint-url/,
      ],
      ['a stack at work', hasStack('UPDATE_IN_PROGRESS'), /run strata deploy again when it is over/],
    ] as const;
    for (const [what, answer, next] of cases) {
      test(`about ${what}`, async () => {
        [status, body] = answer;
        const { port } = account.address() as AddressInfo;
        const { code, stderr } = await project.strata('deploy', '--endpoint-url', `http://127.0.0.1:${port}`);
        assert.equal(code, 1);
        assert.match(stderr, next);
        assert.match(stderr, /^✗ [^\n]*\n$/, 'one line');
      });
    }

    test('about a place where nobody answers', async () => {
      const { stderr } = await project.strata('deploy', '--endpoint-url', 'http://127.0.0.1:1');
      assert.match(
        stderr,
        /^✗ account: nothing answers at 127\.0\.0\.1:1 .*Check the region in blueprint\.ts, or --endpoint-url/,
      );
    });
  });

  test('commands do not write templates while another deploys some', async () => {
    const silent = createServer();
    const asked = once(silent, 'request');
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
    const first = project.start('diff', '--endpoint-url', `http://127.0.0.1:${port}`);
    try {
      await asked;
      const { code, stderr } = await project.strata('synth');
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^✗ templates: another command works in \S*\.strata\/aws \(pid \d+\)\. Run the command again/,
      );
    } finally {
      const ended = once(first, 'close');
      let said = '';
      first.stderr?.on('data', (data: Buffer) => {
        said += data.toString();
      });
      first.kill('SIGINT');
      assert.deepEqual(await ended, [1, null]);
      assert.match(said, /^✗ deployment: interrupted/);
      silent.closeAllConnections();
      silent.close();
      delete process.env.AWS_ACCESS_KEY_ID;
      delete process.env.AWS_SECRET_ACCESS_KEY;
    }
    const { code, stderr } = await project.strata('synth');
    assert.equal(code, 0, stderr);
  });

  test('destroy asks for the name before anything else, and takes no other', async () => {
    for (const words of [['destroy'], ['destroy', '--delete-data']]) {
      const { code, stdout, stderr } = await project.strata(...words);
      assert.equal(code, 1);
      assert.match(stdout, words.length === 1 ? /Its data stays/ : /WITH ALL ITS DATA/);
      assert.match(stderr, /nothing was removed, because the name cloud-native was not typed/);
    }
  });

  test('destroy takes Ctrl-C for a no', async () => {
    const program = ['--disable-warning=ExperimentalWarning', join(project.folder, 'src/main.ts')];
    // Its input stays open, and nothing comes.
    const command = spawn(process.execPath, [...program, 'destroy'], { cwd: project.folder });
    const ended = once(command, 'close');
    let [asked, said] = ['', ''];
    command.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    command.stdout.on('data', (data: Buffer) => {
      asked += data.toString();
      if (asked.endsWith('go on: ')) command.kill('SIGINT');
    });
    assert.deepEqual(await ended, [1, null]);
    assert.match(said, /✗.* destroy: nothing was removed/);
  });

  test('wrong usage is one line and exit code 2', async () => {
    for (const words of [
      ['synth', '--account', '12'],
      ['deploy', '--endpoint-url', 'nowhere'],
      ['destroy', 'x'],
    ]) {
      const { code, stderr } = await project.strata(...words);
      assert.equal(code, 2, words.join(' '));
      assert.match(stderr, /^✗ strata: .*\. See strata help\.\n$/);
    }
  });

  test('a blueprint that only a laptop takes is refused with its paths', async () => {
    await project.edit("region: 'us-west-2'", "region: 'us-wset-2'");
    const { code, stderr } = await project.strata('synth');
    await project.edit("region: 'us-wset-2'", "region: 'us-west-2'");
    assert.equal(code, 1);
    assert.match(stderr, /region\n\s+found 'us-wset-2', allowed: one of the vendor's regions\n\s+see https:/);
  });
});
