/** What a policy says of a request. `lapsed`: it would be allowed, but a condition on the time no longer holds. */
export type Decision = 'allow' | 'explicit-deny' | 'implicit-deny' | 'lapsed';

/** A policy document that was read and found well-formed. */
export interface Policy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly allows: boolean;
  readonly resources: readonly string[];
  readonly conditions: readonly TimeCondition[];
}

/** Whether it holds at a time, in milliseconds since the epoch. */
type TimeCondition = (now: number) => boolean;

/** Condition operators on dates. Source: IAM JSON policy elements, "Date condition operators". */
const dateOperators: Readonly<Record<string, (now: number, value: number) => boolean>> = {
  DateEquals: (now, value) => now === value,
  DateNotEquals: (now, value) => now !== value,
  DateLessThan: (now, value) => now < value,
  DateLessThanEquals: (now, value) => now <= value,
  DateGreaterThan: (now, value) => now > value,
  DateGreaterThanEquals: (now, value) => now >= value,
};

const invoke = 'execute-api:invoke';

/**
 * Reads a policy document as an authorizer answers it: Effect, Action, Resource, and conditions on the current time.
 * Undefined when it is malformed or says something this gateway does not know: nothing is allowed by guessing.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 */
export function readPolicy(document: unknown): Policy | undefined {
  if (!isRecord(document) || (document.Version !== undefined && document.Version !== '2012-10-17')) {
    return undefined;
  }
  const list = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const statements: Statement[] = [];
  for (const item of list) {
    const statement = readStatement(item);
    if (statement === undefined) return undefined;
    if (statement !== 'of-another-action') statements.push(statement);
  }
  return list.length > 0 ? { statements } : undefined;
}

/**
 * Decides on a call of a method: a matching Deny wins, then a matching Allow; nothing that matches is a denial.
 * @param now milliseconds since the epoch, for `aws:CurrentTime`
 */
export function decide(policy: Policy, methodArn: string, now: number): Decision {
  let decision: Decision = 'implicit-deny';
  for (const { allows, resources, conditions } of policy.statements) {
    if (!resources.some((resource) => matchesPattern(resource, methodArn))) continue;
    if (conditions.every((holds) => holds(now))) {
      if (!allows) return 'explicit-deny';
      decision = 'allow';
    } else if (allows && decision === 'implicit-deny') {
      decision = 'lapsed';
    }
  }
  return decision;
}

/** Whether a text has the form of a pattern in which `*` is any run of characters and `?` any one. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const character = pattern[place];
    if (character === '*') {
      star = place++;
      resume = at;
    } else if (place < pattern.length && (character === '?' || character === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[place] === '*') place++;
  return place === pattern.length;
}

const known = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);

function readStatement(item: unknown): Statement | 'of-another-action' | undefined {
  if (!isRecord(item) || Object.keys(item).some((key) => !known.has(key))) return undefined;
  const actions = readTexts(item.Action);
  const resources = readTexts(item.Resource);
  const conditions = readConditions(item.Condition);
  if ((item.Effect !== 'Allow' && item.Effect !== 'Deny') || !actions || !resources || !conditions) {
    return undefined;
  }
  if (!actions.some((action) => matchesPattern(action.toLowerCase(), invoke))) return 'of-another-action';
  return { allows: item.Effect === 'Allow', resources, conditions };
}

function readConditions(value: unknown): TimeCondition[] | undefined {
  if (value === undefined) return [];
  if (!isRecord(value)) return undefined;
  const conditions: TimeCondition[] = [];
  for (const [operator, keys] of Object.entries(value)) {
    const compare = dateOperators[operator];
    if (!compare || !isRecord(keys)) return undefined;
    for (const [key, texts] of Object.entries(keys)) {
      const times = readTexts(texts)?.map((text) => Date.parse(text));
      if (key.toLowerCase() !== 'aws:currenttime' || !times || times.some(Number.isNaN)) return undefined;
      conditions.push((now) => times.some((time) => compare(now, time)));
    }
  }
  return conditions;
}

function readTexts(value: unknown): string[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every((text) => typeof text === 'string') ? list : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
