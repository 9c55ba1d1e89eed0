import type { Role } from '../../src/kernel/roles.ts';
import {
  fulfils,
  type Method,
  mayCall,
  methods,
  type Permission,
  permissions,
  type Requirement,
} from '../../src/security/permissions.ts';
import type { AuthorizerAnswer, Statement } from './event.ts';

/** A verified caller. */
export interface Caller {
  readonly subject: string;
  readonly role: Role | undefined;
  /** Seconds since the epoch: when the token ends, and with it what was answered for it. */
  readonly expiresAt: number;
}

/** The API and stage of a method's ARN, the method, and the path. ARN: …:api/stage/METHOD/path */
export function partsOf(methodArn: string): {
  readonly stage: string;
  readonly method: string;
  readonly path: string;
} {
  const afterApi = methodArn.indexOf('/');
  const afterStage = methodArn.indexOf('/', afterApi + 1);
  const afterMethod = methodArn.indexOf('/', afterStage + 1);
  if (afterApi < 0 || afterStage < 0 || afterMethod < 0) throw new Error(`not a method's ARN: ${methodArn}`);
  return {
    stage: methodArn.slice(0, afterStage),
    method: methodArn.slice(afterStage + 1, afterMethod),
    path: methodArn.slice(afterMethod),
  };
}

/**
 * The answer for a caller with a role. It covers everything the role may call, as the gateway keeps it for all of
 * it, and ends with the token. What is allowed everywhere and not at a more specific path is denied there; nothing
 * else is, because a denial would take away what a path further down allows.
 */
export function roleAnswer(
  { subject, role, expiresAt }: Caller & { role: Role },
  stage: string,
): AuthorizerAnswer {
  const denied = permissions.flatMap((permission) =>
    resourcesOf(
      permission,
      stage,
      (required, method) => !fulfils(role, required) && mayCall(role, method, '/'),
    ),
  );
  return answer(subject, { role }, [
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: permissions.flatMap((permission) =>
        resourcesOf(permission, stage, (required) => fulfils(role, required)),
      ),
      Condition: { DateLessThan: { 'aws:CurrentTime': new Date(expiresAt * 1000).toISOString() } },
    },
    ...(denied.length > 0 ? [denial(denied)] : []),
  ]);
}

/** The ARNs of a permission's methods that ask for the right thing. */
function resourcesOf(
  { path, required }: Permission,
  stage: string,
  holds: (requirement: Requirement, method: Method) => boolean,
): string[] {
  const below = path === '/' ? ['/*'] : [path, `${path}/*`];
  return methods
    .filter((method) => holds(required[method], method))
    .flatMap((method) => below.map((resource) => `${stage}/${method}${resource}`));
}

/** The answer for a caller without a role, who may read where a token is optional: for this one call only. */
export function anonymousAnswer(methodArn: string): AuthorizerAnswer {
  const { method, path } = partsOf(methodArn);
  const allowed = mayCall(undefined, method, path);
  return answer('anonymous', {}, [
    allowed ? { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: [methodArn] } : denial([methodArn]),
  ]);
}

/** The answer for a token of no role where a role is needed: nothing in this stage. */
export function noRoleAnswer({ subject }: Caller, stage: string): AuthorizerAnswer {
  return answer(subject, {}, [denial([`${stage}/*`])]);
}

function denial(resources: readonly string[]): Statement {
  return { Effect: 'Deny', Action: 'execute-api:Invoke', Resource: resources };
}

function answer(
  principalId: string,
  context: Readonly<Record<string, string>>,
  statements: readonly Statement[],
): AuthorizerAnswer {
  return { principalId, policyDocument: { Version: '2012-10-17', Statement: statements }, context };
}
