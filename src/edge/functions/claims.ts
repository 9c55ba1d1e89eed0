/**
 * Who runs an event: shared by a worker and its pool, so that an event that waits behind a slow one can be taken back
 * and given to another worker, and is never run twice. Each event of a worker has a number; a worker claims it just
 * before it runs the handler, its pool before it takes it back, and one of the two succeeds.
 */
export type Claims = Int32Array<SharedArrayBuffer>;

/** More than a worker ever has before it. */
const places = 256;

/** Numbers begin again here: twice as much still fits into a place. */
const numbers = 2 ** 29;

/** @param buffer of the one who made it first */
export function claimsOf(buffer = new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT)): Claims {
  return new Int32Array(buffer);
}

/** The number after this one. */
export function following(number: number): number {
  return (number + 1) % numbers;
}

/** Says that an event may be claimed. */
export function offer(claims: Claims, number: number): void {
  Atomics.store(claims, number % places, offered(number));
}

/** Claims an event for the worker. @returns whether it is the worker's now */
export function claim(claims: Claims, number: number): boolean {
  const before = Atomics.compareExchange(claims, number % places, offered(number), offered(number) + 1);
  return before === offered(number);
}

/** Takes an event back. @returns whether the worker will not run it */
export function takeBack(claims: Claims, number: number): boolean {
  return Atomics.compareExchange(claims, number % places, offered(number), 0) === offered(number);
}

/** Never 0, which means that nothing is offered. */
const offered = (number: number) => number * 2 + 2;
