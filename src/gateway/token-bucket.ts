/** One token in the unit the level is counted in: a rate in tokens a second is that many units a microsecond. */
const unitsPerToken = 1_000_000;

/**
 * A token bucket: `rate` tokens a second flow in, up to `burst`; a request takes one or is refused.
 * Time is the monotonic clock's, in milliseconds. The level is counted in millionths of a token and time in whole
 * microseconds, so with a whole rate the arithmetic is exact: never more than burst + rate × time pass.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
 */
export class TokenBucket {
  #rate: number;
  #burst: number;
  #level: number;
  #filledAt: number;

  constructor({ rate, burst }: { readonly rate: number; readonly burst: number }, now: number) {
    this.#rate = rate;
    this.#burst = burst * unitsPerToken;
    this.#level = this.#burst;
    this.#filledAt = Math.floor(now * 1000);
  }

  /** Whether a token is there at this time; takes none. */
  has(now: number): boolean {
    this.#fill(Math.floor(now * 1000));
    return this.#level >= unitsPerToken;
  }

  /** Takes the token that `has` saw. */
  take(): void {
    this.#level -= unitsPerToken;
  }

  /** Goes on with another rate and size: what is in the bucket stays in it, as far as it fits. */
  resize({ rate, burst }: { readonly rate: number; readonly burst: number }, now: number): void {
    this.#fill(Math.floor(now * 1000));
    this.#rate = rate;
    this.#burst = burst * unitsPerToken;
    if (this.#level > this.#burst) this.#level = this.#burst;
  }

  #fill(now: number): void {
    if (now <= this.#filledAt) return;
    this.#level = Math.min(this.#burst, this.#level + (now - this.#filledAt) * this.#rate);
    this.#filledAt = now;
  }
}
