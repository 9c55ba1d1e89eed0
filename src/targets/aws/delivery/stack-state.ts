import { StrataError } from '../../../kernel/errors.ts';
import type { DeployedStack } from './account.ts';

/**
 * Refuses stacks that take no changes now, with what to do about it. One whose creation failed as a whole is fine: it
 * is made anew. (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html)
 * @param again the command to run when they do
 * @throws StrataError stack-busy, stack-stuck
 */
export function requireChangeable(stacks: readonly DeployedStack[], again = 'strata deploy'): void {
  for (const { name: stack, status, region } of stacks) {
    if (/_IN_PROGRESS$/.test(status) && status !== 'REVIEW_IN_PROGRESS') {
      throw new StrataError('stack-busy', { stack, status, again });
    }
    const command = remedies[status]?.(stack, region);
    if (command !== undefined) throw new StrataError('stack-stuck', { stack, status, command, again });
  }
}

const remove = (stack: string, region: string) =>
  `aws cloudformation delete-stack --stack-name ${stack} --region ${region}`;

/** By a state that a deployment cannot leave: the command that can. */
const remedies: Readonly<Record<string, (stack: string, region: string) => string>> = {
  CREATE_FAILED: remove,
  ROLLBACK_FAILED: remove,
  DELETE_FAILED: remove,
  UPDATE_FAILED: (stack, region) =>
    `aws cloudformation rollback-stack --stack-name ${stack} --region ${region}`,
  UPDATE_ROLLBACK_FAILED: (stack, region) =>
    `aws cloudformation continue-update-rollback --stack-name ${stack} --region ${region}`,
};
