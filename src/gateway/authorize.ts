import type { Clock } from '../kernel/clock.ts';
import type { Answer } from './answer.ts';
import {
  type Authorizer,
  type AuthorizerEvent,
  methodArn,
  requestEvent,
  tokenEvent,
} from './authorizer-event.ts';
import type { Exchange, Stage } from './exchange.ts';
import { gatewayResponse } from './gateway-response.ts';
import { type Grant, readGrant } from './grant.ts';
import { decide } from './policy.ts';
import type { AuthorizerOutcome, PolicyCache } from './policy-cache.ts';

/** What the stage works with. */
interface AuthorizeParts {
  readonly authorize: Authorizer;
  readonly policies: PolicyCache;
  readonly clock: Clock;
}

/**
 * Two authorizers around one function. Where auth is required: TOKEN, identity source Authorization, its answers
 * kept by token. Where it is optional: REQUEST without identity source, so it is called for each request. Where there is none, nothing is asked and nobody is known.
 * The policy is evaluated anew at each use.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function createAuthorizeStage({ authorize, policies, clock }: AuthorizeParts): Stage {
  return (exchange) => {
    const { mode, ttl } = exchange.route.plan.auth;
    if (mode === 'none') return undefined;
    if (mode === 'optional') return settle(exchange, call(authorize, requestEvent(exchange)));
    const token = exchange.authorization;
    if (!token) return gatewayResponse('UNAUTHORIZED');
    if (ttl === 0) return settle(exchange, call(authorize, tokenEvent(exchange, token)));
    const grant = policies.get(token, exchange.startedAt, ttl);
    if (grant) {
      const verdict = apply(exchange, grant);
      if (verdict !== 'lapsed') return verdict;
      // The policy has ended with its token: the function is asked anew, and says 401 rather than 403.
      policies.delete(token);
    }
    return settle(
      exchange,
      policies.ask(token, exchange.startedAt, async () => call(authorize, tokenEvent(exchange, token))),
    );
  };

  function settle(
    exchange: Exchange,
    outcome: AuthorizerOutcome | Promise<AuthorizerOutcome>,
  ): Answer | undefined | Promise<Answer | undefined> {
    return outcome instanceof Promise
      ? outcome.then((result) => end(exchange, result))
      : end(exchange, outcome);
  }

  function end(exchange: Exchange, outcome: AuthorizerOutcome): Answer | undefined {
    if ('refusal' in outcome) return outcome.refusal;
    const verdict = apply(exchange, outcome.grant);
    return verdict === 'lapsed' ? gatewayResponse('ACCESS_DENIED') : verdict;
  }

  /** Evaluates the policy for this request and, where it allows it, notes who calls. */
  function apply(exchange: Exchange, { policy, caller }: Grant): Answer | undefined | 'lapsed' {
    switch (decide(policy, methodArn(exchange), clock.now())) {
      case 'allow':
        exchange.caller = caller;
        return undefined;
      case 'lapsed':
        return 'lapsed';
      case 'explicit-deny':
        return gatewayResponse('ACCESS_DENIED_EXPLICITLY');
      case 'implicit-deny':
        return gatewayResponse('ACCESS_DENIED');
    }
  }
}

/** Calls the function; synchronous when the function is. Never rejects. */
function call(authorize: Authorizer, event: AuthorizerEvent): AuthorizerOutcome | Promise<AuthorizerOutcome> {
  try {
    const answer = authorize(event);
    return answer instanceof Promise ? answer.then(outcomeOf, refused) : outcomeOf(answer);
  } catch (error) {
    return refused(error);
  }
}

function outcomeOf(answer: unknown): AuthorizerOutcome {
  const grant = readGrant(answer);
  return grant ? { grant } : { refusal: gatewayResponse('AUTHORIZER_CONFIGURATION_ERROR') };
}

/** The vendor knows one error by its message; every other failure of a function is a configuration error. */
function refused(error: unknown): AuthorizerOutcome {
  const unauthorized = error instanceof Error && error.message === 'Unauthorized';
  return { refusal: gatewayResponse(unauthorized ? 'UNAUTHORIZED' : 'AUTHORIZER_CONFIGURATION_ERROR') };
}
