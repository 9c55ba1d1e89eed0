/** The limits of repeating one call. Milliseconds. */
export interface RetryLimits {
  /** How often a call is sent again at most. */
  readonly maxRetries: number;
  /** The longest first wait; each further one may be twice as long, up to the longest of all. */
  readonly baseDelay: number;
  readonly maxDelay: number;
  /** How long the whole call may take, all its tries and waits together: the client's own timeout. */
  readonly budget: number;
  /** A try that would have less time than this is not begun. */
  readonly shortestTry: number;
}

/**
 * The platform's: a call with all its repetitions stays within the client's 5 s, in which every timeout below it
 * nests. A try that failed at once leaves time for others; one that took the gateway's 4.5 s leaves none.
 */
export const retryLimits: RetryLimits = {
  maxRetries: 3,
  baseDelay: 200,
  maxDelay: 2_000,
  budget: 5_000,
  shortestTry: 250,
};

/** A try that failed, and what is known of the call so far. */
export interface FailedTry {
  readonly method: string;
  /** Whether the call carries an Idempotency-Key. */
  readonly keyed: boolean;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** How often the call has been repeated before. */
  readonly retries: number;
  /** Milliseconds since the first try began. */
  readonly elapsed: number;
  /** Milliseconds the answer asked to wait. */
  readonly retryAfter?: number | undefined;
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * How long to wait before a failed try is repeated; undefined when it must not be. Repeated is what can do no harm (a
 * safe method, or a key under which the platform carries out a request once) and may fare better: a network error or
 * a 5xx. The wait is drawn from the whole of a capped exponential backoff, so that clients do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, "full jitter"), and is never shorter
 * than Retry-After (RFC 9110, section 10.2.3).
 * @param random from 0 to below 1
 */
export function retryDelay(failed: FailedTry, limits: RetryLimits, random: number): number | undefined {
  const { method, keyed, status, retries, elapsed, retryAfter = 0 } = failed;
  if (!safeMethods.has(method.toUpperCase()) && !keyed) return undefined;
  if (status !== undefined && status < 500) return undefined;
  if (retries >= limits.maxRetries) return undefined;
  const backoff = Math.min(limits.maxDelay, limits.baseDelay * 2 ** retries);
  const delay = Math.max(retryAfter, random * backoff);
  return elapsed + delay + limits.shortestTry <= limits.budget ? delay : undefined;
}

/**
 * What a Retry-After field says, in milliseconds: seconds, or a date (RFC 9110, section 10.2.3). Undefined when it is
 * absent or neither.
 * @param now milliseconds since the Unix epoch
 */
export function parseRetryAfter(field: string | undefined, now: number): number | undefined {
  if (field === undefined) return undefined;
  const text = field.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
