import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, describe, test } from 'node:test';
import { StrataError } from '../../../../src/kernel/errors.ts';
import { openRegion, type StackEvent } from '../../../../src/targets/aws/delivery/account.ts';
import { stackFailure } from '../../../../src/targets/aws/delivery/stack-failure.ts';
import { requireChangeable } from '../../../../src/targets/aws/delivery/stack-state.ts';
import { toolkitFailure } from '../../../../src/targets/aws/delivery/toolkit-failure.ts';
import { freePort } from '../../../engines.ts';

const region = 'us-west-2';

/** Sets variables for the length of a test. */
function variables(
  t: { after(restore: () => void): void },
  values: Record<string, string | undefined>,
): void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const apply = (record: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(record)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(values);
  t.after(() => apply(before));
}

const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: undefined };

describe('what an account answers', async () => {
  const answer = { status: 200, body: '' };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const stacks = async () => (await openRegion(region, endpoint)).stacks();
  const refuse = (code: string, message = 'no') => {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    Object.assign(answer, {
      status: 403,
      body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${error}<RequestId>1</RequestId></ErrorResponse>`,
    });
  };

  test('is its stacks, with their states and outputs', async (t) => {
    variables(t, keys);
    const output =
      '<Outputs><member><OutputKey>Site</OutputKey><OutputValue>https://x</OutputValue></member></Outputs>';
    const stack = `<member><StackName>one</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>${output}</member>`;
    const result = `<DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult>`;
    Object.assign(answer, {
      status: 200,
      body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}</DescribeStacksResponse>`,
    });
    assert.deepEqual(await stacks(), [
      { name: 'one', region, status: 'UPDATE_COMPLETE', outputs: { Site: 'https://x' } },
    ]);
  });

  const refusals: readonly (readonly [string, string, string])[] = [
    ['ExpiredToken', 'account-credentials-expired', 'aws sso login'],
    ['InvalidClientTokenId', 'account-credentials-refused', 'aws sts get-caller-identity --region us-west-2'],
    ['SignatureDoesNotMatch', 'account-credentials-refused', 'aws sts get-caller-identity'],
    ['OptInRequired', 'account-credentials-refused', 'has to be enabled'],
    ['AccessDenied', 'account-forbidden', 'a role that may deploy'],
  ];
  for (const [code, expected, next] of refusals) {
    test(`is one line with what to do next: ${code}`, async (t) => {
      variables(t, keys);
      refuse(code);
      await assert.rejects(stacks(), (error) => {
        assert.ok(error instanceof StrataError);
        assert.equal(error.code, expected);
        assert.ok(error.line.includes(next), error.line);
        assert.doesNotMatch(error.line, /\n/);
        return true;
      });
    });
  }

  test('is nothing without credentials, and that is said', async (t) => {
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_PROFILE: undefined };
    const nowhere = { HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
    variables(t, {
      ...none,
      ...nowhere,
      AWS_CONFIG_FILE: '/nonexistent',
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    });
    await assert.rejects(stacks(), { code: 'account-credentials-missing' });
  });

  test('is nothing where nobody listens: the wrong region, or no network', async (t) => {
    variables(t, keys);
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects((await openRegion(region, nobody)).stacks(), { code: 'region-unreachable' });
  });
});

describe('a stack', () => {
  const stack = (status: string) => [{ name: 'cloud-native-compute', region, status, outputs: {} }];
  const lineOf = (status: string): string => {
    try {
      requireChangeable(stack(status));
      return '';
    } catch (error) {
      assert.ok(error instanceof StrataError);
      return error.line;
    }
  };

  test('that is being changed is left alone, as after an interrupted deployment', () => {
    assert.match(
      lineOf('UPDATE_IN_PROGRESS'),
      /^cloud-native-compute: something else is changing it.*run strata deploy again when it is over/,
    );
    assert.match(lineOf('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'), /something else/);
  });

  test('that takes no changes is named with the command that gets it out of that', () => {
    assert.match(
      lineOf('UPDATE_ROLLBACK_FAILED'),
      /is in the state UPDATE_ROLLBACK_FAILED.*Run aws cloudformation continue-update-rollback --stack-name cloud-native-compute --region us-west-2, then strata deploy again/,
    );
    for (const status of ['ROLLBACK_FAILED', 'DELETE_FAILED', 'CREATE_FAILED', 'UPDATE_FAILED']) {
      assert.match(lineOf(status), /Run aws cloudformation \S+ --stack-name cloud-native-compute/, status);
    }
  });

  test('that was rolled back, or never finished being reviewed, takes changes', () => {
    for (const status of [
      'ROLLBACK_COMPLETE',
      'UPDATE_ROLLBACK_COMPLETE',
      'REVIEW_IN_PROGRESS',
      'CREATE_COMPLETE',
    ]) {
      assert.equal(lineOf(status), '', status);
    }
  });
});

describe('a deployment that failed', () => {
  const event = (
    resource: string,
    status: string,
    reason = '',
    type = 'AWS::EC2::NatGateway',
  ): StackEvent => ({
    resource,
    type,
    status,
    reason,
  });
  const begin = event('stack', 'UPDATE_IN_PROGRESS', 'User Initiated', 'AWS::CloudFormation::Stack');
  const attempt = (...events: StackEvent[]) =>
    stackFailure('cloud-native-connectivity', [...events].reverse());

  test('is told by what failed first, not by what was taken back for it', () => {
    const failure = attempt(
      begin,
      event('nat1', 'CREATE_FAILED', 'The subnet does not exist.'),
      event('nat2', 'CREATE_FAILED', 'Resource creation cancelled'),
      event('nat3', 'CREATE_FAILED', 'It failed later.'),
      event(
        'stack',
        'UPDATE_ROLLBACK_IN_PROGRESS',
        'The following resource(s) failed',
        'AWS::CloudFormation::Stack',
      ),
    );
    assert.equal(
      failure?.line,
      'cloud-native-connectivity: nat1 (AWS::EC2::NatGateway): The subnet does not exist. The stack is as it was before. Correct the cause and run strata deploy again.',
    );
  });

  test('to be taken back says to try that again', () => {
    const failure = stackFailure(
      'cloud-native-network',
      [event('vpc', 'DELETE_FAILED', 'It has dependencies.', 'AWS::EC2::VPC')],
      'removal-failed',
    );
    assert.equal(
      failure?.line,
      'cloud-native-network: vpc (AWS::EC2::VPC): It has dependencies. What is gone stays gone. Correct the cause and run strata destroy again, as you did.',
    );
  });

  test('is told by its latest attempt', () => {
    const failure = attempt(
      begin,
      event('old', 'CREATE_FAILED', 'old reason'),
      begin,
      event('new', 'CREATE_FAILED', 'new reason'),
    );
    assert.match(failure?.message ?? '', /new reason/);
    assert.equal(attempt(begin, event('old', 'CREATE_FAILED', 'old reason'), begin), undefined);
  });

  for (const reason of [
    'Resource handler returned message: "The maximum number of addresses has been reached." (HandlerErrorCode: ServiceLimitExceeded)',
    'You have requested more vCPU capacity than your current vCPU limit: VcpuLimitExceeded',
    'Limit of rules exceeded: WAFLimitExceededException',
    'Quota for number of secrets exceeded',
  ]) {
    test(`is a quota's fault, and where to ask for more: ${reason.slice(0, 40)}`, () => {
      const failure = attempt(begin, event('nat1', 'CREATE_FAILED', reason));
      assert.equal(failure?.code, 'quota-exceeded');
      assert.match(failure?.line ?? '', /servicequotas, then run strata deploy again/);
    });
  }

  test('by a pace that was too fast is no quota', () => {
    assert.equal(
      attempt(begin, event('a', 'CREATE_FAILED', 'TooManyRequestsException'))?.code,
      'deployment-failed',
    );
  });
});

describe("the toolkit's words", () => {
  // Each is a sentence the toolkit says.
  const sentences: readonly (readonly [string, string])[] = [
    [
      "cloud-native-keys: SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://123456789012/us-west-2. Has the environment been bootstrapped? Please run 'cdk bootstrap'",
      'bootstrap-missing',
    ],
    [
      "This CDK deployment requires bootstrap stack version '30', but during the confirmation via SSM parameter, found '6'",
      'bootstrap-missing',
    ],
    [
      'Unable to resolve AWS account to use. It must be either configured when you define your CDK Stack, or through the environment',
      'account-credentials-missing',
    ],
    [
      'Need to perform AWS calls for account 111111111111, but the current credentials are for 222222222222',
      'account-other',
    ],
    [
      'Need to perform AWS calls for account 111111111111, but no credentials have been configured',
      'account-credentials-missing',
    ],
    ['The security token included in the request is expired', 'account-credentials-expired'],
    ['The security token included in the request is invalid', 'account-credentials-refused'],
    [
      'cloud-native-compute: fail: docker login --username AWS --password-stdin x exited with error code 1: no such host',
      'image-failed',
    ],
    [
      'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'container-engine-missing',
    ],
    ['Stack [cloud-native-keys] cannot be deleted while TerminationProtection is enabled', 'stack-protected'],
    ['User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole', 'account-forbidden'],
    ['getaddrinfo ENOTFOUND cloudformation.us-wset-2.amazonaws.com', 'region-unreachable'],
  ];
  const context = { region, stack: 'cloud-native-keys', engine: 'docker' };
  for (const [sentence, code] of sentences) {
    test(`mean ${code}: ${sentence.slice(0, 50)}`, () => {
      const failure = toolkitFailure(['Synthesis time: 0.3s', sentence, ''], context);
      assert.equal(failure?.code, code);
      assert.doesNotMatch(failure?.line ?? '', /\{\w+\}/, 'every place in the sentence is filled');
    });
  }

  test('may mean nothing of the kind', () => {
    assert.equal(toolkitFailure(['Synthesis time: 0.3s'], context), undefined);
  });
});
