import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { edgeFunctions } from '../../../src/targets/local/edge-functions.ts';
import type { Scope } from '../../gateway/gateway-under-test.ts';
import { planOf, root } from '../aws/plan.ts';
import { assembly } from '../aws/templates.ts';
import { computeSettings as computeInTemplates } from './aws/compute.ts';
import { edgeSettings as edgeInTemplates } from './aws/edge.ts';
import { edgeBehaviors as behaviorsInTemplates } from './aws/edge-behavior.ts';
import { edgeFunctionSettings as edgeFunctionsInTemplates } from './aws/edge-functions.ts';
import { gatewaySettings as gatewayInTemplates } from './aws/gateway.ts';
import { observabilitySettings as observabilityInTemplates } from './aws/observability.ts';
import { sessionSettings as sessionsInTemplates } from './aws/sessions.ts';
import { tableSettings as tableInTemplates } from './aws/table.ts';
import type { Templates } from './aws/templates.ts';
import { covers, differences, reasonFor } from './differences.ts';
import { edgeSettings } from './local/edge.ts';
import { edgeBehaviors } from './local/edge-behavior.ts';
import { edgeFunctionSettings } from './local/edge-functions.ts';
import { gatewaySettings } from './local/gateway.ts';
import { platformSettings } from './local/platform.ts';
import { sessionSettings } from './local/sessions.ts';
import { tableSettings } from './local/table.ts';
import { pageOf } from './page.ts';
import { namesIn, type Row, rowsOf, type Settings } from './settings.ts';

const plan = planOf(blueprint);

/** What the blueprint may say and does not. */
const domain = {
  name: 'app.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/1',
} as const;

/** The left column: what runs on this machine, asked from outside. */
async function running(scope: Scope): Promise<Settings> {
  const gateway = await gatewaySettings(scope, {
    port: 0,
    plan: { gateway: plan.gateway, explain: true },
    ingress: { host: '127.0.0.1', port: 0 },
    functions: Object.fromEntries(
      Object.entries(plan.gateway.functions).map(([name, { memory, timeout }]) => [
        name,
        { file: '', digest: '', memory, timeout, variables: {} },
      ]),
    ),
    identity: { issuer: 'https://pool.test', jwksUri: 'https://pool.test/keys', clientIds: ['web'] },
  });
  return {
    ...gateway,
    ...(await edgeSettings(scope, plan.access)),
    ...(await edgeFunctionSettings(scope, plan, edgeFunctions(root, plan))),
    ...(await edgeBehaviors(scope, plan.access)),
    ...(await tableSettings(scope, plan)),
    ...(await sessionSettings(scope, plan)),
    ...(await platformSettings(scope)),
  };
}

/** The right column: what the templates say. */
function synthesized(): Settings {
  const templates: Templates = (layer) => assembly().getStackByName(`${plan.name}-${layer}`).template;
  return {
    ...gatewayInTemplates(templates),
    ...edgeInTemplates(templates),
    ...edgeFunctionsInTemplates(templates, plan.name),
    ...behaviorsInTemplates(templates),
    ...observabilityInTemplates(templates),
    ...tableInTemplates(templates),
    ...sessionsInTemplates(templates),
    ...computeInTemplates(templates, assembly().directory),
  };
}

describe('one plan in both worlds', () => {
  let rows: Row[];
  const ends: (() => unknown)[] = [];
  before(async () => {
    rows = rowsOf(await running({ after: (end) => ends.unshift(end) }), synthesized());
  });
  after(async () => {
    for (const end of ends) await end();
  });

  test('sets every setting the same, but for what differs with a reason', () => {
    const unlike = rows.filter(({ setting, local, aws }) => {
      const same = JSON.stringify(local) === JSON.stringify(aws);
      return !same && reasonFor(setting) === undefined;
    });
    assert.deepEqual(unlike, []);
  });

  test('is compared in every setting it has, but for what is not with a reason', () => {
    const known = new Set(rows.map(({ setting }) => setting));
    const missing = namesIn(plan).filter((name) => !known.has(name) && reasonFor(name) === undefined);
    assert.deepEqual(missing, []);
  });

  test('differs in nothing that is no setting', () => {
    const widest = planOf({ ...blueprint, access: { ...blueprint.access, domain } });
    const names = [...namesIn(widest), ...rows.map(({ setting }) => setting)];
    const idle = differences.filter((difference) => !names.some((name) => covers(difference, name)));
    assert.deepEqual(idle, []);
  });

  test('is on the page of the documentation as it is here', async () => {
    const path = join(root, 'docs/parity.md');
    const page = pageOf(rows);
    if (process.env.STRATA_GOLDEN === 'write') await writeFile(path, page);
    assert.equal(await readFile(path, 'utf8'), page);
  });
});
