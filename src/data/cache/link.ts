import { setTimeout as delay } from 'node:timers/promises';
import type { PasswordSource } from '../account/password.ts';
import { CacheUnavailable, Connection } from './connection.ts';
import { knock } from './knock.ts';

/** Invalidations that could not be confirmed, as the system of record remembers them for every process. */
export interface CacheDebt {
  /** The debt's mark; 0 when none is owed. */
  readonly read: () => Promise<number>;
  /** Says that the cache was flushed after `mark` was read. */
  readonly settle: (mark: number) => Promise<unknown>;
}

/** Whether the cache may be used: yes; no, nothing listens; no, it says nothing; not yet, what was missed is made good. */
export type LinkState = 'up' | 'refused' | 'silent' | 'returning';

/** What happened to the link, for logs and metrics. */
export interface LinkEvent {
  readonly type: 'up' | 'down' | 'flushed';
  readonly reason?: string;
}

/** How a link is held. */
export interface LinkOptions {
  readonly url: string;
  readonly password?: PasswordSource | undefined;
  /** Milliseconds of silence after which the cache counts as down. */
  readonly timeout: number;
  readonly debt: CacheDebt;
  readonly random: () => number;
  readonly onEvent: (event: LinkEvent) => void;
}

const backoff = { least: 25, most: 500 };
/** Milliseconds a silent connection is kept, so that what was sent on it is carried out at its return. */
const patience = 5000;
/** Milliseconds a read waits for the cache to return. */
const returnWait = 100;

/**
 * The link to the cache: up, or down and on its way back. It returns only when nothing that was missed can be in the
 * cache: if an invalidation of this process, or of any by the debt, was not confirmed, the cache is flushed first.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #lost = new Set<symbol>();
  #connection: Connection | undefined;
  #state: LinkState = 'refused';
  #attempt: { readonly began: number; readonly result: Promise<LinkState> } | undefined;
  #attempts = 0;
  #attempted = 0;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** What this process told the cache, or had to, that was not confirmed and not yet made good. */
  get lost(): number {
    return this.#lost.size;
  }

  /** The connection, when the cache may be used. */
  get usable(): Connection | undefined {
    return this.#state === 'up' ? this.#connection : undefined;
  }

  /** The connection in any state; while the server is silent, what is sent waits there for its return. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /**
   * Finds out whether the cache is there now: the answer was observed after the call. `refused` is a proof: nothing
   * was listening, so whatever the cache holds later was filled after the call.
   */
  async reach(): Promise<LinkState> {
    const asked = this.#attempts;
    while (!this.#closed) {
      if (this.#state === 'up' || (this.#state === 'silent' && this.#isSilentStill())) return this.#state;
      this.#attempt ??= this.#begin();
      const { began, result } = this.#attempt;
      const state = await Promise.race([result, delay(returnWait, 'silent' as const, { ref: false })]);
      if (state !== 'refused' || began > asked) return state;
    }
    return 'refused';
  }

  /** Notes something the cache had to be told and did not confirm. @returns how to say that it was after all */
  lose(): () => void {
    const loss = Symbol('lost invalidation');
    this.#lost.add(loss);
    return () => this.#lost.delete(loss);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#connection?.close();
  }

  /** Whether silence may be believed without another attempt: a connection waits, or an attempt was made just now. */
  #isSilentStill(): boolean {
    return this.#connection !== undefined || performance.now() - this.#attempted < backoff.most / 5;
  }

  #begin(attempt = () => this.#connect()) {
    this.#attempts += 1;
    clearTimeout(this.#retry);
    const result = attempt().then((state) => {
      this.#attempt = undefined;
      this.#attempted = performance.now();
      if (state !== 'up' && this.#connection === undefined) this.#later();
      return state;
    });
    return { began: this.#attempts, result };
  }

  async #connect(): Promise<LinkState> {
    const { url, password, timeout } = this.#options;
    const heard = await knock(url, Math.max(timeout, 30));
    if (heard !== 'open') return this.#down(heard);
    try {
      const connection = await Connection.open({
        url,
        password,
        timeout,
        onEnd: (ended) => this.#ended(ended),
        onSilent: (silent) => this.#silenced(silent),
        onAlive: (alive) => this.#revived(alive),
      });
      this.#connection = connection;
      if (this.#closed) connection.close();
      return await this.#return(connection);
    } catch {
      return this.#down('silent');
    }
  }

  /** Makes good what was missed, then lets the cache be used. */
  async #return(connection: Connection): Promise<LinkState> {
    try {
      await connection.value('probe');
      this.#state = 'returning';
      do {
        const owed = await this.#options.debt.read();
        const lost = [...this.#lost];
        if (lost.length > 0 || owed > 0) {
          await connection.flush();
          this.#options.onEvent({ type: 'flushed' });
          if (owed > 0) await this.#options.debt.settle(owed);
        }
        for (const loss of lost) this.#lost.delete(loss);
      } while (this.#lost.size > 0);
      if (this.#connection !== connection || connection.silent) throw new CacheUnavailable('it went again');
      this.#failures = 0;
      this.#state = 'up';
      this.#options.onEvent({ type: 'up' });
      return 'up';
    } catch (error) {
      // A silent connection is kept: what is sent on it now is carried out before anything sent after its return.
      if (connection.silent) return this.#down('silent');
      connection.close();
      return this.#down(error instanceof CacheUnavailable ? 'refused' : 'silent');
    }
  }

  #ended(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    if (this.#state === 'up') this.#options.onEvent({ type: 'down', reason: 'the connection ended' });
    this.#state = connection.silent ? 'silent' : 'refused';
    this.#later();
  }

  #silenced(connection: Connection): void {
    if (this.#connection !== connection) return;
    if (this.#state === 'up') this.#options.onEvent({ type: 'down', reason: 'no reply' });
    this.#state = 'silent';
    connection.listen();
    setTimeout(() => connection.silent && connection.close(), patience).unref();
  }

  #revived(connection: Connection): void {
    if (this.#connection === connection && this.#state === 'silent') {
      this.#attempt ??= this.#begin(() => this.#return(connection));
    }
  }

  #down(state: 'refused' | 'silent'): LinkState {
    this.#state = state;
    return state;
  }

  #later(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    const most = Math.min(backoff.most, backoff.least * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(
      () => {
        this.#attempt ??= this.#begin();
      },
      most * (0.5 + this.#options.random() / 2),
    );
    this.#retry.unref();
  }
}
