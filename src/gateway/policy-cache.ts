import type { Answer } from './answer.ts';
import type { Grant } from './grant.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';

/** What an authorizer call ended in: a grant, or the answer to give instead. */
export type AuthorizerOutcome = { readonly grant: Grant } | { readonly refusal: Answer };

interface Entry {
  readonly grant: Grant;
  /** Monotonic milliseconds at which the call that gave it began. */
  readonly askedAt: number;
}

/** Characters of tokens, with an allowance for what is kept beside each. */
const capacity = 16 * 1024 * 1024;
const allowance = 1024;

/**
 * Remembers what the authorizer answered, by token, and lets calls that are under way for a token be shared.
 * Refusals are not remembered, as the vendor's authorizer cache does not.
 */
export class PolicyCache {
  readonly #entries = new LeastRecentlyUsed<Entry>(capacity);
  #underWay = new Map<string, Promise<AuthorizerOutcome>>();

  /** The grant of a token, while it is younger than the time to live; both times in monotonic milliseconds. */
  get(token: string, now: number, ttl: number): Grant | undefined {
    const entry = this.#entries.get(token);
    return entry && now - entry.askedAt < ttl ? entry.grant : undefined;
  }

  /** Asks for a token, or joins who is asking already. */
  ask(token: string, now: number, call: () => Promise<AuthorizerOutcome>): Promise<AuthorizerOutcome> {
    const underWay = this.#underWay;
    const joined = underWay.get(token);
    if (joined) return joined;
    const outcome = call().then((result) => {
      underWay.delete(token);
      if ('grant' in result && underWay === this.#underWay) {
        this.#entries.set(token, { grant: result.grant, askedAt: now }, token.length + allowance);
      }
      return result;
    });
    underWay.set(token, outcome);
    return outcome;
  }

  /** Forgets a token whose policy has lapsed. */
  delete(token: string): void {
    this.#entries.delete(token);
  }

  /** Forgets everything, what is still being asked included. */
  clear(): void {
    this.#entries.clear();
    this.#underWay = new Map();
  }
}
