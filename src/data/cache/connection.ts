import type { Writable } from 'node:stream';
import { Redis } from 'iovalkey';
import type { PasswordSource } from '../account/password.ts';
import { entityKey, leaseKey, type ScriptName, scheduleKey, scripts } from './scripts.ts';

/** The cache did not answer: it is gone, refuses its keys, or was silent for longer than a command may take. */
export class CacheUnavailable extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`the cache is unavailable: ${reason}`, options);
    this.name = 'CacheUnavailable';
  }
}

/** What a script may answer. */
export type ScriptReply = Buffer | number | null | readonly Buffer[];

/** How a connection is opened and what it reports. */
export interface ConnectionOptions {
  /** `redis://` or `rediss://`, with the password unless `password` gives it. */
  readonly url: string;
  /** Asked at each new connection. */
  readonly password?: PasswordSource | undefined;
  /** Milliseconds without any reply, while one is due, after which the server counts as silent. */
  readonly timeout: number;
  /** The connection is over; commands without a reply have been rejected. */
  readonly onEnd: (connection: Connection) => void;
  /** The server is silent; commands without a reply have been rejected, but it may still carry them out. */
  readonly onSilent: (connection: Connection) => void;
  /** A reply came after `onSilent`. */
  readonly onAlive: (connection: Connection) => void;
}

/** A command that was sent: when, and how to give up on it. */
interface Pending {
  sentAt: number;
  readonly reject: (error: Error) => void;
}

/** As whom a connection is opened. */
interface Login {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** The driver takes what a URL says, and be it nothing, before anything else: a password of its own replaces it there. */
async function loginOf({ url, password }: ConnectionOptions): Promise<Login> {
  if (password === undefined) return { url };
  const address = new URL(url);
  const username = decodeURIComponent(address.username);
  address.username = '';
  address.password = '';
  try {
    return { url: address.href, username, password: await password() };
  } catch (error) {
    throw new CacheUnavailable('no password', { cause: error });
  }
}

/** Replies that say the server does not serve its keys at the moment. */
const refusals = /^(CLUSTERDOWN|LOADING|MASTERDOWN|READONLY|MOVED|NOAUTH|WRONGPASS)/;
const unansweredLimit = 2000;

type Scripted = Redis &
  Record<
    ScriptName | `${ScriptName}Buffer`,
    (...parameters: (string | number | Buffer)[]) => Promise<ScriptReply>
  >;

/**
 * One connection to the cache. The driver is iovalkey's plain client: ElastiCache Serverless shows one endpoint that
 * owns every slot, as the local node does, so nothing is gained by the cluster client's routing.
 * Replies come in order, so one timer watches the oldest command instead of one timer a command, and a stall of this
 * process' own event loop is not taken for the server's silence: the socket is read before silence is believed.
 */
export class Connection {
  readonly #client: Scripted;
  readonly #options: ConnectionOptions;
  readonly #pending = new Set<Pending>();
  #watching: NodeJS.Timeout | undefined;
  #lastReply = 0;
  #unanswered = 0;
  #silent = false;
  #ended = false;
  /** What is written at the end of this turn; undefined when nothing waits for that. */
  #gathered: Pending[] | undefined;

  private constructor(options: ConnectionOptions, login: Login) {
    this.#options = options;
    const { url, ...credentials } = login;
    this.#client = new Redis(url, {
      ...credentials,
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: Math.max(250, options.timeout),
      scripts,
    }) as Scripted;
    this.#client.on('error', () => {});
    this.#client.on('close', () => this.#end());
  }

  /** @throws CacheUnavailable when there is no connection in a quarter of a second */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options, await loginOf(options));
    try {
      await connection.#client.connect();
    } catch (error) {
      connection.close();
      throw new CacheUnavailable('no connection', { cause: error });
    }
    return connection;
  }

  get silent(): boolean {
    return this.#silent;
  }

  /** The value of an entity. @throws CacheUnavailable */
  value(id: string): Promise<Buffer | null> {
    this.#gather();
    return this.#send(this.#client.getBuffer(entityKey(id)));
  }

  /**
   * Runs a script on an entity's value and lease.
   * @param onLate called when the server carried it out after it had been given up
   * @throws CacheUnavailable
   */
  run(
    script: Exclude<ScriptName, 'claimDue'>,
    id: string,
    parameters: readonly (string | number | Buffer)[],
    onLate?: () => void,
  ): Promise<ScriptReply> {
    this.#gather();
    const command = this.#client[`${script}Buffer`](entityKey(id), leaseKey(id), ...parameters);
    return this.#send(command, onLate);
  }

  /**
   * Writes what is asked for in one turn of the event loop at once, at its end: under load a turn serves many
   * requests, and each write is a system call here and a wake-up there.
   */
  #gather(): void {
    const stream: Partial<Writable> | undefined = this.#client.stream;
    if (this.#gathered !== undefined || stream?.cork === undefined) return;
    this.#gathered = [];
    stream.cork();
    setImmediate(() => {
      const now = performance.now();
      for (const pending of this.#gathered ?? []) pending.sentAt = now;
      this.#gathered = undefined;
      stream.uncork?.();
    });
  }

  /** Runs `send` with all its commands written at once. */
  together<Value>(send: () => Value): Value {
    const stream: Partial<Writable> | undefined = this.#client.stream;
    stream?.cork?.();
    try {
      return send();
    } finally {
      stream?.uncork?.();
    }
  }

  /** Ids whose scheduled refresh is due; nobody else gets them for `claim` ms. @throws CacheUnavailable */
  async claimDue(now: number, claim: number, most: number): Promise<string[]> {
    const reply = await this.#send(this.#client.claimDueBuffer(scheduleKey, now, claim, most));
    return Array.isArray(reply) ? reply.map((id: Buffer) => id.toString('latin1')) : [];
  }

  /** Says when an entity is to be read again. @throws CacheUnavailable */
  async schedule(id: string, due: number): Promise<void> {
    await this.#send(this.#client.zadd(scheduleKey, due, id));
  }

  /** Takes an entity out of the schedule. @throws CacheUnavailable */
  async unschedule(id: string): Promise<void> {
    await this.#send(this.#client.zrem(scheduleKey, id));
  }

  /** Asks for any reply, for as long as the connection lasts; tells by `onAlive`. */
  listen(): void {
    this.#client.ping().then(
      () => this.#replied(),
      () => {},
    );
  }

  /** Forgets everything; the memory is freed in the background. @throws CacheUnavailable */
  async flush(): Promise<void> {
    await this.#send(this.#client.flushdb('ASYNC'));
  }

  close(): void {
    this.#client.disconnect();
    this.#end();
  }

  #send<Value>(command: Promise<Value>, onLate?: () => void): Promise<Value> {
    if (this.#ended || this.#unanswered >= unansweredLimit * (this.#silent ? 1 : 100)) {
      command.catch(() => {});
      return Promise.reject(new CacheUnavailable(this.#ended ? 'no connection' : 'too many commands wait'));
    }
    return new Promise((resolve, reject) => {
      const pending: Pending = { sentAt: performance.now(), reject };
      this.#gathered?.push(pending);
      this.#unanswered += 1;
      if (this.#silent) reject(new CacheUnavailable('it is silent'));
      else {
        this.#pending.add(pending);
        if (this.#watching === undefined) this.#watch(this.#options.timeout);
      }
      command.then(
        (value) => {
          if (!this.#settled(pending)) onLate?.();
          this.#replied();
          resolve(value);
        },
        (error: Error) => {
          this.#settled(pending);
          if (error.name === 'ReplyError') {
            this.#replied();
            reject(
              refusals.test(error.message) ? new CacheUnavailable(error.message, { cause: error }) : error,
            );
          } else reject(new CacheUnavailable('the connection ended', { cause: error }));
        },
      );
    });
  }

  /** @returns whether the command had not been given up */
  #settled(pending: Pending): boolean {
    this.#unanswered -= 1;
    return this.#pending.delete(pending);
  }

  #replied(): void {
    this.#lastReply = performance.now();
    if (!this.#silent || this.#ended) return;
    this.#silent = false;
    this.#options.onAlive(this);
  }

  #watch(delay: number): void {
    this.#watching = setTimeout(() => setImmediate(() => setImmediate(() => this.#judge())), delay);
  }

  /** How long the oldest command has gone without any reply; called after the socket had its turn. */
  #judge(): void {
    this.#watching = undefined;
    const [oldest] = this.#pending;
    if (oldest === undefined || this.#ended) return;
    const waited = performance.now() - Math.max(oldest.sentAt, this.#lastReply);
    if (waited < this.#options.timeout) {
      this.#watch(Math.max(1, this.#options.timeout - waited));
      return;
    }
    this.#silent = true;
    this.#giveUp('it is silent');
    this.#options.onSilent(this);
  }

  #giveUp(reason: string): void {
    const given = [...this.#pending];
    this.#pending.clear();
    for (const { reject } of given) reject(new CacheUnavailable(reason));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#watching);
    this.#giveUp('the connection ended');
    this.#options.onEnd(this);
  }
}
