import { explain } from '../explain/explanation.ts';
import type { Answered, Call, Renewal } from './call.ts';
import { CallFailure, type FaultyPart } from './failure.ts';
import { pause } from './pause.ts';
import { type RetryLimits, retryDelay, retryLimits } from './retry-policy.ts';
import { type Arrived, sendOnce, type Unanswered } from './try.ts';

/** What the client has of the page it runs in. */
export interface ClientSurroundings {
  /** What paths are below; nothing in a page. */
  readonly baseURL: string;
  readonly isOnline: () => boolean;
  /**
   * Renews the session, unless that has been done since a time in milliseconds since the Unix epoch.
   * @throws when it cannot be said whether there still is one
   */
  readonly renew: (since: number) => Promise<Renewal>;
  /** Is told when there is no session any more. */
  readonly onEnded: () => void;
  readonly limits?: RetryLimits;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** Sends a call. @throws CallFailure; what the call's signal was aborted with */
export type Send = <Body>(call: Call) => Promise<Answered<Body>>;

/**
 * Makes the client of the platform's API. It repeats a call where that can do no harm (retry-policy.ts); a 401 renews
 * the session once and sends the call again. All of that together stays within the client's 5 s.
 */
export function createClient(surroundings: ClientSurroundings): Send {
  const { baseURL, isOnline, renew, onEnded, limits = retryLimits, random = Math.random } = surroundings;

  return async function send<Body>(call: Call): Promise<Answered<Body>> {
    const begun = performance.now();
    const first = await repeated(call, begun);
    if (first.status !== 401) return settled<Body>(first);
    if ((await renewed(first, call, begun)) === 'ended') {
      onEnded();
      throw new CallFailure('signed-out', 'There is no session.', { status: 401 });
    }
    const second = await repeated(call, begun);
    if (second.status === 401) onEnded();
    return settled<Body>(second);
  };

  async function repeated(call: Call, begun: number): Promise<Arrived> {
    for (let retries = 0; ; retries += 1) {
      const outcome = await sendOnce(call, baseURL, limits.budget - (performance.now() - begun));
      const answer = outcome.kind === 'arrived' ? outcome : undefined;
      if (answer && answer.status < 500) return answer;
      const delay = retryDelay(
        {
          method: call.method,
          keyed: call.idempotencyKey !== undefined,
          status: answer?.status,
          retries,
          elapsed: performance.now() - begun,
          retryAfter: answer?.retryAfter,
        },
        limits,
        random(),
      );
      if (delay === undefined || !isOnline()) {
        if (outcome.kind === 'arrived') return outcome;
        throw failureOf(outcome);
      }
      await pause(delay, call.signal);
    }
  }

  /** Waits for the session's renewal, no longer than the call may take; the renewal itself goes on for others. */
  async function renewed({ sentAt }: Arrived, { signal }: Call, begun: number): Promise<Renewal> {
    const late = AbortSignal.timeout(Math.max(1, Math.round(limits.budget - (performance.now() - begun))));
    const over = new Promise<never>((_, reject) => {
      const ends = signal ? AbortSignal.any([signal, late]) : late;
      ends.addEventListener('abort', () => reject(ends.reason), { once: true });
    });
    try {
      return await Promise.race([renew(sentAt), over]);
    } catch {
      signal?.throwIfAborted();
      throw new CallFailure('unreachable', 'The session could not be renewed now.');
    }
  }

  function failureOf({ kind }: Unanswered): CallFailure {
    if (!isOnline()) return new CallFailure('offline', 'The device is offline.');
    return new CallFailure(kind, kind === 'timeout' ? 'No answer came within 5 seconds.' : 'No answer came.');
  }
}

/** What an answer comes to. @throws CallFailure */
function settled<Body>({ status, body, header, retryAfter, sentAt, duration }: Arrived): Answered<Body> {
  if (status < 400) return { body: body as Body, explanation: explain(header, { sentAt, duration }) };
  const { type, detail, title, message, errors } = (
    typeof body === 'object' && body !== null ? body : {}
  ) as { type?: string; detail?: string; title?: string; message?: string; errors?: FaultyPart[] };
  const kind = status === 401 ? 'signed-out' : 'answer';
  throw new CallFailure(kind, detail ?? title ?? message ?? `The answer was ${status}.`, {
    status,
    retryAfter,
    ...(type === undefined ? {} : { code: type.slice(type.lastIndexOf(':') + 1) }),
    ...(Array.isArray(errors) ? { parts: errors } : {}),
  });
}
