import { hash } from 'node:crypto';
import type pg from 'pg';
import { ConnectionLost, codeOf } from './failure.ts';

/** What may be passed to a statement: the server gives it the type its place asks for. */
export type Parameter = string | number | null;

/** The rows a statement returns, and how many it returned or changed. */
export type Rows<Row extends readonly unknown[]> = Row & { readonly count: number };

/** Runs a statement written as a template: what is put in becomes a parameter, never part of the text. */
export type Query = <Row extends readonly (object | undefined)[] = Record<string, unknown>[]>(
  text: TemplateStringsArray,
  ...parameters: readonly Parameter[]
) => Promise<Rows<Row>>;

/** A transaction on a connection of its own. Once it has ended, it runs nothing. */
export interface Transaction extends Query {
  /** Runs work of which nothing stays when it rejects; the transaction goes on. */
  savepoint<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Runs several statements without parameters. */
  script(text: string): Promise<void>;
}

type Execute = (statement: pg.QueryConfig) => Promise<pg.QueryResult>;

/** Makes a query of whatever runs statements; each text is prepared once a connection. */
export function queryOn(execute: Execute): Query {
  return async <Row extends readonly (object | undefined)[]>(
    parts: TemplateStringsArray,
    ...values: readonly Parameter[]
  ) => {
    const { rows, rowCount } = await answered(execute({ ...statementOf(parts), values: [...values] }));
    // What columns a statement returns, its writer alone knows.
    const counted: unknown = Object.assign(rows, { count: rowCount ?? 0 });
    return counted as Rows<Row>;
  };
}

/** Runs work in a transaction on a connection of a pool, commits it, and gives the connection back. */
export async function transactionOn<Value>(
  client: pg.PoolClient,
  work: (transaction: Transaction) => Promise<Value>,
): Promise<Value> {
  let open = true;
  const execute: Execute = (statement) => {
    if (!open) throw new Error('the transaction has ended');
    return client.query(statement);
  };
  const script = async (text: string) => {
    await answered(execute({ text }));
  };
  const transaction: Transaction = Object.assign(queryOn(execute), {
    script,
    async savepoint<Inner>(inner: () => Promise<Inner>): Promise<Inner> {
      await script('SAVEPOINT step');
      try {
        const value = await inner();
        await script('RELEASE step');
        return value;
      } catch (error) {
        await script('ROLLBACK TO step; RELEASE step');
        throw error;
      }
    },
  });
  try {
    await script('BEGIN');
    const value = await work(transaction);
    const { command } = await answered(execute({ text: 'COMMIT' }));
    // The server answers so, and without an error, when a statement had failed.
    if (command !== 'COMMIT') throw new Error('a failed transaction was committed');
    open = false;
    client.release();
    return value;
  } catch (error) {
    open = false;
    client.release(
      await client.query('ROLLBACK').then(
        () => false,
        () => true,
      ),
    );
    throw error;
  }
}

/** The driver's own errors, which have no code, all say that the connection is of no more use. */
async function answered<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    throw codeOf(error) === undefined ? new ConnectionLost(error) : error;
  }
}

const statements = new WeakMap<TemplateStringsArray, { name: string; text: string }>();

function statementOf(parts: TemplateStringsArray): { name: string; text: string } {
  const known = statements.get(parts);
  if (known) return known;
  const text = parts.reduce((before, part, index) => `${before}$${index}${part}`);
  const statement = { name: hash('sha1', text).slice(0, 20), text };
  statements.set(parts, statement);
  return statement;
}
