import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { accountFailure } from './account-failure.ts';
import { clientSettings } from './client-settings.ts';

/** A stack as the account has it. */
export interface DeployedStack {
  readonly name: string;
  readonly region: string;
  readonly status: string;
  /** Values it shows, by their names. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Something that happened to one resource of a stack. */
export interface StackEvent {
  readonly resource: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string;
}

/** One region of an account, with the user's own credentials. Every call throws StrataError account-…, region-unreachable. */
export interface AccountRegion {
  /** Every stack there is. */
  readonly stacks: () => Promise<DeployedStack[]>;
  /** What happened to a stack, the latest first. */
  readonly events: (stack: string) => Promise<StackEvent[]>;
}

/**
 * Opens a region.
 * @param endpoint of an emulator; the region's own when left out
 * @param abortSignal ends its calls
 */
export async function openRegion(
  region: string,
  endpoint?: string,
  abortSignal?: AbortSignal,
): Promise<AccountRegion> {
  const { CloudFormationClient, paginateDescribeStackEvents, paginateDescribeStacks } = await import(
    '@aws-sdk/client-cloudformation'
  );
  const client: CloudFormationClient = new CloudFormationClient(clientSettings(region, endpoint));
  const interruptible = abortSignal === undefined ? {} : { abortSignal };
  const answered = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    try {
      return await ask();
    } catch (error) {
      throw accountFailure(error, region, endpoint);
    }
  };
  return {
    stacks: () =>
      answered(async () => {
        const found: DeployedStack[] = [];
        for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}, interruptible)) {
          for (const { StackName = '', StackStatus = '', Outputs = [] } of Stacks) {
            const outputs = Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
            found.push({
              name: StackName,
              region,
              status: StackStatus,
              outputs: Object.fromEntries(outputs),
            });
          }
        }
        return found;
      }),
    events: (stack) =>
      answered(async () => {
        const pages = paginateDescribeStackEvents({ client }, { StackName: stack }, interruptible);
        const { value } = await pages.next();
        return (value?.StackEvents ?? []).map((event) => ({
          resource: event.LogicalResourceId ?? '',
          type: event.ResourceType ?? '',
          status: event.ResourceStatus ?? '',
          reason: event.ResourceStatusReason ?? '',
        }));
      }),
  };
}
