import { loadPlan, project } from '../src/commands/project.ts';
import { requestOf } from '../src/commands/reconcile.ts';
import { accessToken } from '../src/commands/token.ts';
import type { Entity } from '../src/data/entity.ts';
import { StrataError } from '../src/kernel/errors.ts';
import type { Plan } from '../src/model/plan.ts';
import { runningPlatform } from '../src/targets/local/run.ts';
import type { BenchContext, BenchSetting } from './context.ts';

const raised = { rate: 1_000_000, burst: 1_000_000 };

/** The running platform as the rows see it, with its throttles raised until it is closed. */
export async function openPlatform(
  setting: BenchSetting,
): Promise<{ context: BenchContext; close(): Promise<void> }> {
  const run = runningPlatform(project);
  if (!run?.ready || !run.connections) throw new StrataError('not-running');
  const plan = await loadPlan();
  const url = new URL(run.urls.gateway ?? '');
  await apply(overlay(plan));
  try {
    const context: BenchContext = {
      ...setting,
      sla: plan.sla,
      plan,
      gateway: { host: url.hostname, port: Number(url.port) },
      connections: run.connections,
      token: await accessToken('reader'),
      entities: await readEntities(url),
    };
    return { context, close: () => apply(plan) };
  } catch (error) {
    await apply(plan);
    throw error;
  }
}

/** The plan with every throttle out of the way; nothing else changes. */
export function overlay(plan: Plan): Plan {
  return {
    ...plan,
    gateway: {
      ...plan.gateway,
      account: raised,
      routes: plan.gateway.routes.map((route) => ({ ...route, throttle: raised })),
    },
  };
}

async function apply(plan: Plan): Promise<void> {
  if ((await requestOf(project, { type: 'apply', plan }, () => {})) === undefined)
    throw new StrataError('not-running');
}

/** Up to 1,000 entities, newest first. */
async function readEntities(gateway: URL): Promise<Entity[]> {
  const entities: Entity[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '100', ...(cursor === undefined ? {} : { cursor }) });
    const answer = await fetch(new URL(`/api/v1/data?${query}`, gateway));
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status} to a page of entities`);
    const page = (await answer.json()) as { items: Entity[]; cursor?: string };
    entities.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined && entities.length < 1000);
  return entities;
}
