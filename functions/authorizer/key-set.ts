import { importJWK } from 'jose';

/** A public key of the user pool. The same object as long as the set has the key. */
export type VerificationKey = Awaited<ReturnType<typeof importJWK>>;

/** Where a key set comes from. Times in milliseconds. */
export interface KeySetSource {
  readonly uri: string;
  readonly fetch: (uri: string, options: { readonly signal: AbortSignal }) => Promise<Response>;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
}

/** The set could not be had, so nothing can be said of a token: not the caller's fault. */
export class KeySetUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('the key set cannot be reached', options);
    this.name = 'KeySetUnreachable';
  }
}

/** From this age on a set is fetched anew in the background. */
const refreshAge = 60_000;
/** A set older than this is fetched before it is used: a key that was taken out of it is refused from then on. */
const maximumAge = 120_000;
/** While no newer set can be had, one is used up to this age. */
const staleAge = 900_000;
/** Between two fetches, so that tokens with made-up key ids cause no flood of them. */
const cooldown = 5_000;
/** The same after a fetch that failed: a pool that is starting is soon there. */
const failureCooldown = 1_000;
const fetchTimeout = 3_000;
const setSizeLimit = 65_536;
const keyCountLimit = 20;

interface HeldKey {
  readonly key: VerificationKey;
  /** Modulus and exponent: a key that has both is the same key. */
  readonly material: string;
}

/** The user pool's public keys (RFC 7517), with rotation. */
export class KeySet {
  readonly #source: KeySetSource;
  #keys: ReadonlyMap<string, HeldKey> = new Map();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  #failure: unknown;

  constructor(source: KeySetSource) {
    this.#source = source;
  }

  /** The key of an id if the set at hand is young enough to say so; fetches a new one behind the scenes in time. */
  current(id: string): VerificationKey | undefined {
    const age = this.#source.monotonic() - this.#fetchedAt;
    if (age >= maximumAge && !(age < staleAge && this.#failure !== undefined && this.#coolingDown())) {
      return undefined;
    }
    if (age >= refreshAge && !this.#coolingDown()) void this.#refresh();
    return this.#keys.get(id)?.key;
  }

  /**
   * The key of an id, from a new set where the one at hand is too old or has no such key; undefined when the pool
   * has none. Throws KeySetUnreachable when that cannot be found out.
   */
  async find(id: string): Promise<VerificationKey | undefined> {
    const current = this.current(id);
    if (current) return current;
    if (this.#underWay || !this.#coolingDown()) await this.#refresh();
    const age = this.#source.monotonic() - this.#fetchedAt;
    const key = this.#keys.get(id)?.key;
    if (age < maximumAge && (key || this.#failure === undefined)) return key;
    if (key && age < staleAge) return key;
    throw new KeySetUnreachable({ cause: this.#failure });
  }

  #coolingDown(): boolean {
    const wait = this.#failure === undefined ? cooldown : failureCooldown;
    return this.#source.monotonic() - this.#triedAt < wait;
  }

  /** Fetches the set once for all who wait; never rejects. */
  #refresh(): Promise<void> {
    this.#underWay ??= this.#fetch().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #fetch(): Promise<void> {
    const startedAt = this.#source.monotonic();
    this.#triedAt = startedAt;
    try {
      const response = await this.#source.fetch(this.#source.uri, {
        signal: AbortSignal.timeout(fetchTimeout),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const text = await response.text();
      if (text.length > setSizeLimit) throw new Error('too large');
      await this.#replace(JSON.parse(text));
      this.#fetchedAt = startedAt;
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error ?? new Error('unknown');
    }
  }

  async #replace(set: unknown): Promise<void> {
    const keys = new Map<string, HeldKey>();
    for (const jwk of readSet(set)) {
      const before = this.#keys.get(jwk.kid);
      const material = `${jwk.n}.${jwk.e}`;
      const key = before?.material === material ? before.key : await importJWK(jwk, 'RS256');
      keys.set(jwk.kid, { key, material });
    }
    this.#keys = keys;
  }
}

/** A public RSA signing key of at least 2048 bits. */
interface SigningKey {
  readonly kty: 'RSA';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

function readSet(set: unknown): SigningKey[] {
  const { keys } = (set ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length > keyCountLimit) throw new Error('not a key set');
  return keys.flatMap((key: unknown) => readKey(key) ?? []);
}

/** A key of another kind or use is left out, not refused: a set may hold others. Private parts are not read. */
function readKey(value: unknown): SigningKey | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kty, kid, n, e, use, alg } = value as Record<string, unknown>;
  if (kty !== 'RSA' || typeof kid !== 'string' || typeof n !== 'string' || typeof e !== 'string')
    return undefined;
  if ((use !== undefined && use !== 'sig') || (alg !== undefined && alg !== 'RS256')) return undefined;
  return Buffer.from(n, 'base64url').length >= 256 ? { kty, kid, n, e } : undefined;
}
