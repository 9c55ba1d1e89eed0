import type { Behavior } from './behavior.ts';
import { createBehaviorMatcher } from './behavior.ts';
import { errorAnswer } from './error-answer.ts';
import type { Stage } from './exchange.ts';
import type { Origin } from './gateway-origin.ts';
import { pathOf } from './request-target.ts';
import { type ResponseHeadersPolicy, securityHeaders } from './security-headers.ts';

/** What the stages work with: replaced as a whole when the configuration changes. */
export interface StageSettings {
  readonly behaviors: readonly Behavior[];
  readonly origins: Readonly<Record<string, Origin>>;
  readonly responseHeadersPolicies: Readonly<Record<string, ResponseHeadersPolicy>>;
  /** Whether answers carry x-cache and the edge's part of server-timing. */
  readonly explain: boolean;
}

/** The request path, from top to bottom. */
export interface Stages {
  /** Run until one has answered. */
  readonly request: readonly Stage[];
  /** All run on the answer, whoever made it. */
  readonly response: readonly Stage[];
}

/** The edge's request path as it is configured. */
export function createStages(settings: StageSettings): Stages {
  const { behaviors, origins, responseHeadersPolicies, explain } = settings;
  return {
    request: [matchBehavior(behaviors), refuseMethod, fetchFrom(origins)],
    response: [setPolicyHeaders(responseHeadersPolicies), ...(explain ? [explainAnswer] : [])],
  };
}

function matchBehavior(behaviors: readonly Behavior[]): Stage {
  const match = createBehaviorMatcher(behaviors);
  return (exchange) => {
    const behavior = match(pathOf(exchange.request.url ?? '/'));
    if (behavior) {
      exchange.behavior = behavior;
    } else {
      exchange.cache = 'error';
      exchange.answer = errorAnswer(404, 'There is nothing here.');
    }
  };
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html */
const refuseMethod: Stage = (exchange) => {
  const { behavior, request } = exchange;
  if (!behavior || behavior.methods.some((method) => method === request.method)) return;
  exchange.cache = 'error';
  exchange.answer = errorAnswer(403, 'This method is not among those that are served here.');
};

function fetchFrom(origins: StageSettings['origins']): Stage {
  return async (exchange) => {
    const { behavior } = exchange;
    const origin = origins[behavior?.origin ?? ''];
    if (origin) exchange.answer = await origin.fetch(exchange);
  };
}

function setPolicyHeaders(policies: StageSettings['responseHeadersPolicies']): Stage {
  return ({ request, viewer, behavior, answer }) => {
    const policy = policies[behavior?.responseHeadersPolicy ?? ''];
    if (!answer || !policy) return;
    for (const name of policy.remove) delete answer.headers[name.toLowerCase()];
    const passage = { encrypted: viewer.encrypted, host: request.headers.host ?? '' };
    Object.assign(answer.headers, securityHeaders(policy, passage));
  };
}

const explainAnswer: Stage = ({ answer, cache, startedAt }) => {
  if (!answer) return;
  const before = [answer.headers['server-timing'] ?? []].flat();
  const own = `edge;dur=${(performance.now() - startedAt).toFixed(1)}`;
  answer.headers['server-timing'] = [...before, own].join(', ');
  answer.headers['x-cache'] = cache;
};
