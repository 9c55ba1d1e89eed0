import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, beforeEach, describe, test } from 'node:test';
import { customResourceEvent } from '../../functions/migration/event.ts';
import { handler } from '../../functions/migration/handler.ts';
import { runMigration } from '../../functions/migration/run.ts';
import { openTasks } from '../../src/data/account/tasks.ts';

/** What ECS answers, by operation, one after the other; the last goes on. */
type Script = Record<
  'RunTask' | 'DescribeTasks',
  readonly { readonly status?: number; readonly body: object }[]
>;

const started = { body: { tasks: [{ taskArn: 'arn:task' }] } };
const running = { body: { tasks: [{ taskArn: 'arn:task', lastStatus: 'RUNNING' }] } };
const stopped = (container: object) => ({
  body: {
    tasks: [
      { taskArn: 'arn:task', lastStatus: 'STOPPED', stoppedReason: 'it ended', containers: [container] },
    ],
  },
});
const refused = { status: 400, body: { __type: 'AccessDeniedException', message: 'not authorized' } };

describe('the migration before a deployment', async () => {
  let script: Script = { RunTask: [], DescribeTasks: [] };
  const asked: { operation: string; body: Record<string, unknown> }[] = [];
  let answered: Record<string, unknown> | undefined;
  /** ECS for what is posted, and the place CloudFormation reads answers from for what is put. */
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    if (request.method === 'PUT') {
      answered = body;
      response.end();
      return;
    }
    const operation = String(request.headers['x-amz-target']).split('.')[1] as keyof Script;
    const turn = asked.filter((call) => call.operation === operation).length;
    asked.push({ operation, body });
    const { status = 200, body: reply } = script[operation][turn] ?? script[operation].at(-1) ?? { body: {} };
    response.writeHead(status).end(JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-west-2',
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
  const event = {
    RequestType: 'Update',
    RequestId: 'request',
    StackId: 'stack',
    LogicalResourceId: 'migration',
    PhysicalResourceId: 'migration',
    ResponseURL: `${url}/answer`,
    ResourceProperties: {
      ServiceToken: 'arn:function',
      Cluster: 'cluster',
      TaskDefinition: 'task:7',
      Subnets: ['subnet'],
      SecurityGroups: ['group'],
    },
  };
  const impatient = { task: 300, rights: 300, pause: 5 };
  const tasks = openTasks({
    region: 'us-west-2',
    endpoint: url,
    credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'secret' }),
  });
  after(() => tasks.close());
  const migrate = () => runMigration(tasks, customResourceEvent.parse(event), impatient);

  beforeEach(() => {
    asked.length = 0;
    answered = undefined;
  });

  test('runs as a task in the private subnets, and tells CloudFormation when it has ended well', async () => {
    script = { RunTask: [started], DescribeTasks: [stopped({ exitCode: 0 })] };
    await handler(event);
    assert.deepEqual(asked[0]?.body, {
      cluster: 'cluster',
      taskDefinition: 'task:7',
      launchType: 'FARGATE',
      count: 1,
      clientToken: 'request-1',
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet'], securityGroups: ['group'], assignPublicIp: 'DISABLED' },
      },
    });
    assert.deepEqual(answered, {
      Status: 'SUCCESS',
      PhysicalResourceId: 'migration',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'migration',
    });
  });

  test('has CloudFormation take the deployment back when it failed, and says why', async () => {
    script = { RunTask: [started], DescribeTasks: [stopped({ exitCode: 1, reason: 'schema changed' })] };
    await handler(event);
    assert.equal(answered?.Status, 'FAILED');
    assert.match(
      String(answered?.Reason),
      /ended with code 1 \(schema changed\).*The services are as they were/,
    );
  });

  test('waits for its end', async () => {
    script = { RunTask: [started], DescribeTasks: [running, running, stopped({ exitCode: 0 })] };
    await migrate();
    assert.equal(asked.filter(({ operation }) => operation === 'DescribeTasks').length, 3);
  });

  test('is run again while its rights are not known everywhere', async () => {
    script = { RunTask: [refused, refused, started], DescribeTasks: [stopped({ exitCode: 0 })] };
    await migrate();
    script = {
      RunTask: [started],
      DescribeTasks: [stopped({ reason: 'CannotPull' }), stopped({ exitCode: 0 })],
    };
    asked.length = 0;
    await migrate();
    const tokens = asked.flatMap(({ body }) => body.clientToken ?? []);
    assert.deepEqual(tokens, ['request-1', 'request-2'], 'another run, not the same one once more');
  });

  test('ends when it may not run, never starts, finds no room, or does not end', async () => {
    const failures: readonly [Script, RegExp][] = [
      [{ RunTask: [refused], DescribeTasks: [] }, /not authorized/],
      [
        { RunTask: [started], DescribeTasks: [stopped({ reason: 'CannotPull' })] },
        /did not start \(CannotPull\)/,
      ],
      [
        { RunTask: [{ body: { failures: [{ reason: 'RESOURCE:ENI' }] } }], DescribeTasks: [] },
        /RESOURCE:ENI/,
      ],
      [{ RunTask: [started], DescribeTasks: [running] }, /did not end in 0\.3 s/],
    ];
    for (const [next, message] of failures) {
      script = next;
      await assert.rejects(migrate(), message);
    }
  });

  test('does nothing when the stack goes', async () => {
    await handler({ ...event, RequestType: 'Delete' });
    assert.equal(answered?.Status, 'SUCCESS');
    assert.deepEqual(asked, []);
  });
});
