import type { Behavior } from './behavior.ts';
import { createBehaviorMatcher } from './behavior.ts';
import { errorAnswer } from './error-answer.ts';
import type { Stage } from './exchange.ts';
import type { Origin } from './gateway-origin.ts';
import { pathOf, refusalOf } from './request-target.ts';
import { securityHeaders } from './security-headers.ts';

/** What the stages work with: replaced as a whole when the configuration changes. */
export interface StageSettings {
  readonly behaviors: readonly Behavior[];
  readonly origins: Readonly<Record<Behavior['origin'], Origin>>;
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
export function createStages({ behaviors, origins, explain }: StageSettings): Stages {
  return {
    request: [refuseMalformed, matchBehavior(behaviors), fetchFrom(origins)],
    response: [setSecurityHeaders, ...(explain ? [explainAnswer] : [])],
  };
}

const refuseMalformed: Stage = (exchange) => {
  const refusal = refusalOf(exchange.request);
  if (!refusal) return;
  exchange.cache = 'error';
  exchange.answer = { ...refusal, headers: { ...refusal.headers, connection: 'close' } };
};

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

function fetchFrom(origins: StageSettings['origins']): Stage {
  return async (exchange) => {
    if (exchange.behavior) exchange.answer = await origins[exchange.behavior.origin].fetch(exchange);
  };
}

const setSecurityHeaders: Stage = ({ viewer, behavior, answer }) => {
  if (!answer) return;
  const page = behavior?.origin === 'static';
  Object.assign(answer.headers, securityHeaders({ page, encrypted: viewer.encrypted }));
};

const explainAnswer: Stage = ({ answer, cache, startedAt }) => {
  if (!answer) return;
  const before = [answer.headers['server-timing'] ?? []].flat();
  const own = `edge;dur=${(performance.now() - startedAt).toFixed(1)}`;
  answer.headers['server-timing'] = [...before, own].join(', ');
  answer.headers['x-cache'] = cache;
};
