import type { AuthorizerAnswer, Statement } from './event.ts';
import { permissions, type Role } from './permissions.ts';

/** A verified caller. */
export interface Caller {
  readonly subject: string;
  readonly role: Role | undefined;
  /** Seconds since the epoch: when the token ends, and with it what was answered for it. */
  readonly expiresAt: number;
}

/** The API and stage of a method's ARN, and the method. ARN: …:api/stage/METHOD/path */
export function partsOf(methodArn: string): { readonly stage: string; readonly method: string } {
  const afterApi = methodArn.indexOf('/');
  const afterStage = methodArn.indexOf('/', afterApi + 1);
  const afterMethod = methodArn.indexOf('/', afterStage + 1);
  if (afterApi < 0 || afterStage < 0 || afterMethod < 0) throw new Error(`not a method's ARN: ${methodArn}`);
  return { stage: methodArn.slice(0, afterStage), method: methodArn.slice(afterStage + 1, afterMethod) };
}

/**
 * The answer for a caller with a role. It covers every method the role may call, as the gateway keeps it for
 * all of them, and ends with the token.
 */
export function roleAnswer(
  { subject, role, expiresAt }: Caller & { role: Role },
  stage: string,
): AuthorizerAnswer {
  return answer(subject, { role }, [
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: permissions[role].map((method) => `${stage}/${method}/*`),
      Condition: { DateLessThan: { 'aws:CurrentTime': new Date(expiresAt * 1000).toISOString() } },
    },
  ]);
}

/** The answer for a caller without a role, who may read where a token is optional: for this one call only. */
export function anonymousAnswer(methodArn: string): AuthorizerAnswer {
  const { method } = partsOf(methodArn);
  const allowed = permissions.anonymous.some((each) => each === method);
  return answer('anonymous', {}, [statement(allowed ? 'Allow' : 'Deny', methodArn)]);
}

/** The answer for a token of no role where a role is needed: nothing in this stage. */
export function noRoleAnswer({ subject }: Caller, stage: string): AuthorizerAnswer {
  return answer(subject, {}, [statement('Deny', `${stage}/*`)]);
}

function statement(effect: Statement['Effect'], resource: string): Statement {
  return { Effect: effect, Action: 'execute-api:Invoke', Resource: [resource] };
}

function answer(
  principalId: string,
  context: Readonly<Record<string, string>>,
  statements: readonly Statement[],
): AuthorizerAnswer {
  return { principalId, policyDocument: { Version: '2012-10-17', Statement: statements }, context };
}
