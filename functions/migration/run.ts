import { setTimeout as delay } from 'node:timers/promises';
import { ServiceFailure } from '../../src/data/account/service-failure.ts';
import type { TaskState, Tasks } from '../../src/data/account/tasks.ts';
import type { CustomResourceEvent } from './event.ts';

/** How long and how often to look; milliseconds. */
export interface Patience {
  /** Until the task has to be over. */
  readonly task: number;
  /** Until a right that was just given has to be known everywhere. */
  readonly rights: number;
  readonly pause: number;
}

/**
 * Runs the migration's task to its end. One that never started is run again for a while: the rights it starts with
 * were given moments ago, too.
 * @throws Error when it failed or did not end in time; ServiceFailure, StrataError when it could not be run
 */
export async function runMigration(
  tasks: Tasks,
  { RequestId: request, ResourceProperties: properties }: CustomResourceEvent,
  patience: Patience,
): Promise<void> {
  const { Cluster: cluster, TaskDefinition: taskDefinition } = properties;
  const { Subnets: subnets, SecurityGroups: securityGroups } = properties;
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    const token = `${request}-${attempt}`;
    const order = { cluster, taskDefinition, subnets, securityGroups, token };
    const { exitCode, reason } = await ended(tasks, cluster, await started(tasks, order, patience), patience);
    if (exitCode === 0) return;
    if (exitCode !== undefined) {
      throw new Error(
        `the migration ended with code ${exitCode} (${reason}); its log says why. The services are as they were.`,
      );
    }
    if (performance.now() - began > patience.rights) {
      throw new Error(`the migration did not start (${reason}). The services are as they were.`);
    }
    await delay(patience.pause);
  }
}

async function ended(tasks: Tasks, cluster: string, task: string, patience: Patience): Promise<TaskState> {
  const deadline = performance.now() + patience.task;
  while (performance.now() < deadline) {
    const state = await tasks.state(cluster, task);
    if (state.stopped) return state;
    await delay(patience.pause);
  }
  throw new Error(`the migration did not end in ${patience.task / 1000} s; its log says how far it came.`);
}

/** The right to run this very revision may not be known everywhere at once. */
async function started(
  tasks: Tasks,
  order: Parameters<Tasks['run']>[0],
  patience: Patience,
): Promise<string> {
  const deadline = performance.now() + patience.rights;
  for (;;) {
    try {
      return await tasks.run(order);
    } catch (error) {
      const late = error instanceof ServiceFailure && error.type === 'AccessDeniedException';
      if (!late || performance.now() > deadline) throw error;
      await delay(patience.pause);
    }
  }
}
