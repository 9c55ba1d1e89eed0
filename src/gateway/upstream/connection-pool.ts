import { UpstreamConnection, type UpstreamExchange, type UpstreamTarget } from './connection.ts';

/** Where a pool's connections go, and its limits: counts and milliseconds. */
export interface PoolOptions extends UpstreamTarget {
  readonly connections: number;
  /** How long a connection is kept without a request: less than the other end keeps it. */
  readonly idleTimeout: number;
}

/** An idle connection and since when it is. */
interface Idle {
  readonly connection: UpstreamConnection;
  readonly since: number;
}

/**
 * Kept connections to one service: the one that was used last is used first, so that as few as the load needs stay
 * warm and the others end. Requests beyond the connections wait in order; the caller bounds how many.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #idle: Idle[] = [];
  readonly #waiting = new Set<UpstreamExchange>();
  readonly #sweep: NodeJS.Timeout;
  #open = 0;
  #closing = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#closeStale(), options.idleTimeout / 4);
    this.#sweep.unref();
  }

  /** Sends a request over an idle connection, a new one, or the first that gets free. */
  send(exchange: UpstreamExchange): void {
    const connection = this.#takeIdle();
    if (connection) this.#assign(connection, exchange);
    else if (this.#open < this.#options.connections) this.#assign(this.#connect(), exchange);
    else this.#waiting.add(exchange);
  }

  /** Gives up on a request wherever it is; it is settled if it was not. */
  abandon(exchange: UpstreamExchange): void {
    if (this.#waiting.delete(exchange)) {
      exchange.body?.destroy();
      exchange.settle('interrupted');
    } else exchange.connection?.abandon(exchange);
  }

  /** Waits for what is under way and closes the connections. */
  close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#sweep);
    for (const { connection } of this.#idle) connection.close();
    if (this.#open === 0) this.#closed.resolve();
    return this.#closed.promise;
  }

  /** The connection that was used last; one that is closing is passed over, its end is told by itself. */
  #takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined || idle.connection.usable) return idle?.connection;
    }
  }

  #connect(): UpstreamConnection {
    this.#open++;
    return new UpstreamConnection(
      this.#options,
      (connection) => this.#release(connection),
      (connection) => this.#forget(connection),
    );
  }

  #assign(connection: UpstreamConnection, exchange: UpstreamExchange): void {
    exchange.connection = connection;
    connection.send(exchange);
  }

  #release(connection: UpstreamConnection): void {
    const next = this.#next();
    if (next) this.#assign(connection, next);
    else if (this.#closing) connection.close();
    else this.#idle.push({ connection, since: performance.now() });
  }

  #forget(connection: UpstreamConnection): void {
    this.#open--;
    const index = this.#idle.findIndex((idle) => idle.connection === connection);
    if (index >= 0) this.#idle.splice(index, 1);
    const next = this.#next();
    if (next) this.#assign(this.#connect(), next);
    else if (this.#closing && this.#open === 0) this.#closed.resolve();
  }

  /** Takes the request that has waited longest. */
  #next(): UpstreamExchange | undefined {
    const [next] = this.#waiting;
    if (next) this.#waiting.delete(next);
    return next;
  }

  /** The ones at the bottom have been idle for longest. */
  #closeStale(): void {
    const before = performance.now() - this.#options.idleTimeout;
    for (const { connection, since } of this.#idle) {
      if (since > before) break;
      connection.close();
    }
  }
}
