import { StrataError } from '../../../kernel/errors.ts';
import type { StackEvent } from './account.ts';

/** Words of resource handlers for a quota (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html). */
export const quota =
  /ServiceLimitExceeded|LimitExceeded|QuotaExceeded|quota|limit (?:has been )?(?:exceeded|reached)|maximum (?:number|limit)|TooMany(?!Requests)/i;

/**
 * Why a deployment of a stack failed: the first resource of the latest attempt that did, in its own words.
 * @param code what failed, when it is no quota
 * @returns undefined when no resource did
 */
export function stackFailure(
  stack: string,
  events: readonly StackEvent[],
  code: 'deployment-failed' | 'removal-failed' = 'deployment-failed',
): StrataError | undefined {
  const failed = latestAttempt(events).filter(
    ({ status, reason }) => /_FAILED$/.test(status) && !/cancelled/i.test(reason) && reason !== '',
  );
  // The latest comes first: what failed first is the cause.
  const cause = failed.at(-1);
  if (cause === undefined) return undefined;
  const { resource, type, reason: whole } = cause;
  const reason = whole.replace(/\s+/g, ' ').replace(/\.$/, '');
  if (quota.test(reason)) {
    return new StrataError('quota-exceeded', { stack, resource: `${resource} (${type})`, reason });
  }
  return new StrataError(code, { stack, reason: `${resource} (${type}): ${reason}` });
}

/** Events since the stack itself was last begun to be changed by someone. */
function latestAttempt(events: readonly StackEvent[]): readonly StackEvent[] {
  const begin = events.findIndex(
    ({ type, status, reason }) =>
      type === 'AWS::CloudFormation::Stack' &&
      /^(CREATE|UPDATE|DELETE|REVIEW)_IN_PROGRESS$/.test(status) &&
      /User Initiated/i.test(reason),
  );
  return begin === -1 ? events : events.slice(0, begin);
}
