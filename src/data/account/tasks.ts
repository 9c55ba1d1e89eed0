import { StrataError } from '../../kernel/errors.ts';
import { openJsonService } from './json-service.ts';
import type { AccountOptions } from './secrets.ts';

/** A task to be run once. */
export interface TaskOrder {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** The same order under the same token runs once. */
  readonly token: string;
}

/** How a task is, and how it ended. */
export interface TaskState {
  readonly stopped: boolean;
  /** The container's exit code; undefined when it never ran. */
  readonly exitCode: number | undefined;
  /** Why it stopped, in the vendor's words. */
  readonly reason: string;
}

/**
 * Amazon ECS, as far as running a task needs it
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html). Every call throws ServiceFailure when it
 * is refused, StrataError `tasks-unavailable` when it cannot be done now.
 */
export interface Tasks {
  /** @returns the task's ARN. @throws StrataError `tasks-unavailable` when there is no room for it */
  readonly run: (order: TaskOrder) => Promise<string>;
  readonly state: (cluster: string, task: string) => Promise<TaskState>;
  readonly close: () => Promise<void>;
}

interface Output {
  readonly tasks?: readonly {
    readonly taskArn: string;
    readonly lastStatus?: string;
    readonly stoppedReason?: string;
    readonly containers?: readonly { readonly exitCode?: number; readonly reason?: string }[];
  }[];
  readonly failures?: readonly { readonly reason?: string }[];
}

/** Opens ECS. Nothing is sent before it is used. */
export function openTasks({ region, credentials, endpoint }: AccountOptions): Tasks {
  const unavailable = (reason: string, cause?: unknown) =>
    new StrataError('tasks-unavailable', { reason }, { cause });
  const { call, close } = openJsonService({
    service: 'ecs',
    target: 'AmazonEC2ContainerServiceV20141113',
    protocol: '1.1',
    region,
    credentials,
    ...(endpoint === undefined ? {} : { endpoint }),
    connections: 2,
    unavailable,
  });
  return {
    run: async ({ cluster, taskDefinition, subnets, securityGroups, token }) => {
      const { tasks, failures } = await call<Output>('RunTask', {
        cluster,
        taskDefinition,
        launchType: 'FARGATE',
        count: 1,
        clientToken: token,
        networkConfiguration: {
          awsvpcConfiguration: { subnets, securityGroups, assignPublicIp: 'DISABLED' },
        },
      });
      const task = tasks?.[0]?.taskArn;
      if (task === undefined) throw unavailable(failures?.[0]?.reason ?? 'no task was made');
      return task;
    },
    state: async (cluster, task) => {
      const { tasks } = await call<Output>('DescribeTasks', { cluster, tasks: [task] });
      const found = tasks?.[0];
      const container = found?.containers?.[0];
      return {
        stopped: found?.lastStatus === 'STOPPED',
        exitCode: container?.exitCode,
        reason: container?.reason ?? found?.stoppedReason ?? 'no reason given',
      };
    },
    close,
  };
}
