import type { Caller } from './exchange.ts';
import { type Policy, readPolicy } from './policy.ts';

/** What an authorizer answered, read and found well-formed. */
export interface Grant {
  readonly caller: Caller;
  readonly policy: Policy;
}

/** Answers an authorizer gave before: it may answer with the same object, which is then not read again. */
const read = new WeakMap<object, Grant>();

/**
 * Reads an authorizer's answer; undefined when it is malformed (`AuthorizerConfigurationException`).
 * An answer is not changed once it was given. Without a role in its context the caller is anonymous.
 */
export function readGrant(answer: unknown): Grant | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const before = read.get(answer);
  if (before) return before;
  const { principalId, policyDocument, context } = answer as Record<string, unknown>;
  const policy = readPolicy(policyDocument);
  if (!policy || !isToken(principalId) || !isContext(context)) return undefined;
  const { role } = context ?? {};
  if (role !== undefined && !isToken(role)) return undefined;
  const grant: Grant = { policy, caller: role === undefined ? {} : { principal: principalId, role } };
  read.set(answer, grant);
  return grant;
}

/** Text that can be a header's value as it is. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);
}

/** A context holds text, numbers and booleans only: no object, no list. */
function isContext(value: unknown): value is Record<string, unknown> | undefined {
  if (value === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item))
  );
}
