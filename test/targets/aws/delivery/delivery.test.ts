import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  App,
  DefaultStackSynthesizer,
  type IReusableStackSynthesizer,
  RemovalPolicy,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { StrataError } from '../../../../src/kernel/errors.ts';
import { type Delivery, deployedStacks } from '../../../../src/targets/aws/delivery/delivery.ts';
import { deploy, diff } from '../../../../src/targets/aws/delivery/deploy.ts';
import { destroy } from '../../../../src/targets/aws/delivery/destroy.ts';
import { holdsDataTag } from '../../../../src/targets/aws/layer.ts';
import { startEmulator } from '../../../emulator.ts';
import { temporaryFolder } from '../../../engines.ts';
import { deliveryTo } from './to-emulator.ts';

const account = '123456789012';

describe('a delivery to an account', async () => {
  const emulator = await startEmulator({ after });
  const folder = await temporaryFolder({ after });
  const lines: string[] = [];
  const delivery = deliveryTo(emulator, folder, lines);

  /** Stacks in place of the platform's. */
  const assembled = (fill: (stack: (name: string) => Stack) => void): CloudAssembly => {
    // The emulator takes no change of a stack that has parameters.
    const plain = new DefaultStackSynthesizer({ generateBootstrapVersionRule: false });
    const defaultStackSynthesizer = plain as IReusableStackSynthesizer;
    const app = new App({ outdir: folder, analyticsReporting: false, defaultStackSynthesizer });
    fill((name) => new Stack(app, name, { env: { account, region: emulator.region } }));
    return app.synth();
  };
  /** One that holds data, and one that does not. */
  const make = (_: Delivery, deleteData = false): CloudAssembly =>
    assembled((stack) => {
      const lasting = stack('platform-table');
      Tags.of(lasting).add(holdsDataTag, 'true');
      new Queue(lasting, 'data', {
        removalPolicy: deleteData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      });
      new Topic(stack('platform-compute'), 'topic');
    });
  const there = async () =>
    (await deployedStacks(make(delivery), delivery)).map(({ name, status }) => `${name} ${status}`).sort();

  test('asks for the preparation of the account where that is missing', async () => {
    await assert.rejects(deploy(delivery, { make }), { code: 'bootstrap-missing' });
  });

  test('shows what it would change, and changes nothing', async () => {
    lines.length = 0;
    await diff(delivery, make);
    assert.ok(
      lines.some((line) => /\[\+\] AWS::SQS::Queue/.test(line)),
      lines.join('\n'),
    );
    assert.deepEqual(await there(), []);
  });

  test('makes every stack, and may be repeated', async () => {
    await deploy(delivery, { make, prepare: true });
    const all = ['platform-compute CREATE_COMPLETE', 'platform-table CREATE_COMPLETE'];
    assert.deepEqual(await there(), all);
    await deploy(delivery, { make });
    assert.equal((await there()).length, 2);
  });

  test('beyond a quota of the account says so, and where to ask for more', async () => {
    // An account takes sixty rules a group, and so does the emulator.
    const securityGroupIngress = Array.from({ length: 61 }, (_, index) => ({
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      cidrIp: `10.0.${index}.0/24`,
    }));
    const crowd = () =>
      assembled((stack) => {
        const crowded = stack('platform-crowd');
        const { ref: vpcId } = new CfnVPC(crowded, 'vpc', { cidrBlock: '10.0.0.0/16' });
        new CfnSecurityGroup(crowded, 'group', { groupDescription: 'crowd', vpcId, securityGroupIngress });
      });
    await assert.rejects(deploy(delivery, { make: crowd }), (error) => {
      assert.ok(error instanceof StrataError);
      assert.equal(error.code, 'quota-exceeded');
      assert.match(
        error.line,
        /^platform-crowd: .*The maximum number of rules per security group has been reached\)\. Ask for more at \S+servicequotas, then run strata deploy again\.$/,
      );
      return true;
    });
  });

  test('by somebody whom the account does not know is refused', async () => {
    // The emulator looks at keys from the call on that it is told.
    const lookFrom = async (call: number) => {
      const headers = { 'content-type': 'text/plain' };
      await fetch(`${emulator.url}/moto-api/reset-auth`, { method: 'POST', headers, body: String(call) });
    };
    await lookFrom(0);
    try {
      await assert.rejects(deploy(delivery, { make }), { code: 'account-credentials-refused' });
      await assert.rejects(destroy(delivery, false, make), { code: 'account-credentials-refused' });
    } finally {
      await lookFrom(Number.MAX_SAFE_INTEGER);
    }
  });

  test('that was interrupted says so', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(deploy({ ...delivery, signal }, { make }), { code: 'deployment-interrupted' });
    await assert.rejects(destroy({ ...delivery, signal }, false, make), { code: 'removal-interrupted' });
  });

  test('is taken back without the data', async () => {
    const { removed, kept } = await destroy(delivery, false, make);
    assert.deepEqual([removed, kept], [['platform-compute'], ['platform-table']]);
    assert.deepEqual(
      (await there()).map((line) => line.split(' ')[0]),
      ['platform-table'],
    );
  });

  test('is taken back with the data when that is asked for', async () => {
    const { removed, kept } = await destroy(delivery, true, make);
    assert.deepEqual([removed, kept], [['platform-table'], []]);
    assert.deepEqual(await there(), []);
  });

  test('finds nothing to take back the second time, and makes nothing for it', async () => {
    lines.length = 0;
    assert.deepEqual(await destroy(delivery, true, make), { removed: [], kept: [] });
    assert.deepEqual(lines, []);
  });
});
