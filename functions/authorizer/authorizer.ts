import { type AuthorizerAnswer, type AuthorizerEvent, authorizationOf } from './event.ts';
import { KeySet, type KeySetSource } from './key-set.ts';
import { anonymousAnswer, noRoleAnswer, partsOf, roleAnswer } from './policy.ts';
import { bearerToken, type VerifiedToken, verifyToken } from './token.ts';

/** What an authorizer trusts, and where it looks. */
export interface AuthorizerSettings {
  readonly issuer: string;
  readonly clientIds: readonly string[];
  readonly jwks: Pick<KeySetSource, 'uri' | 'fetch'>;
  readonly clock: { now(): number; monotonic(): number };
}

/** Answers an event at once where the token is known, else with a promise. */
export type AuthorizerHandler = (event: AuthorizerEvent) => AuthorizerAnswer | Promise<AuthorizerAnswer>;

/** Verified tokens that are remembered. */
const memoryLimit = 4096;

interface Known {
  readonly verified: VerifiedToken;
  /** The answer of a stage, which depends on nothing else of the event. */
  readonly stage: string;
  readonly answer: AuthorizerAnswer;
}

/**
 * Makes the authorizer function. Throws `Error('Unauthorized')` for a token it does not accept, which the gateway
 * answers with 401; any other error (the key set cannot be reached) with 500.
 *
 * That a token's signature was verified by a key is remembered as long as that key is in the set; the token's times
 * are looked at in each call.
 */
export function createAuthorizer({ issuer, clientIds, jwks, clock }: AuthorizerSettings): AuthorizerHandler {
  const keys = new KeySet({ ...jwks, monotonic: () => clock.monotonic() });
  const known = new Map<string, Known>();

  return (event) => {
    const authorization = authorizationOf(event);
    if (authorization === undefined && event.type === 'REQUEST') return anonymousAnswer(event.methodArn);
    const memory = known.get(authorization ?? '');
    if (memory && keys.current(memory.verified.keyId) === memory.verified.key) {
      return answerOf(event, authorization ?? '', memory.verified, memory);
    }
    return verify(event, authorization ?? '');
  };

  async function verify(event: AuthorizerEvent, authorization: string): Promise<AuthorizerAnswer> {
    known.delete(authorization);
    const token = bearerToken(authorization);
    if (token === undefined) throw unauthorized();
    const verified = await verifyToken(token, { issuer, clientIds }, keys, clock.now());
    if (!verified) throw unauthorized();
    return answerOf(event, authorization, verified);
  }

  function answerOf(
    event: AuthorizerEvent,
    authorization: string,
    verified: VerifiedToken,
    memory?: Known,
  ): AuthorizerAnswer {
    const now = clock.now() / 1000;
    if (now >= verified.expiresAt || now < verified.notBefore) {
      known.delete(authorization);
      throw unauthorized();
    }
    if (memory && verified.role !== undefined && event.methodArn.startsWith(`${memory.stage}/`)) {
      return memory.answer;
    }
    const { stage } = partsOf(event.methodArn);
    const { role } = verified;
    const answer =
      role !== undefined
        ? roleAnswer({ ...verified, role }, stage)
        : event.type === 'REQUEST'
          ? anonymousAnswer(event.methodArn)
          : noRoleAnswer(verified, stage);
    remember(authorization, { verified, stage, answer });
    return answer;
  }

  function remember(authorization: string, entry: Known): void {
    known.delete(authorization);
    known.set(authorization, entry);
    if (known.size <= memoryLimit) return;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      return;
    }
  }
}

/** The one error the gateway tells from others, by its message. */
function unauthorized(): Error {
  return new Error('Unauthorized');
}
