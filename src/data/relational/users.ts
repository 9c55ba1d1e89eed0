import { bounded, openDatabase } from './connection.ts';
import type { Transaction } from './query.ts';

/** Milliseconds it may take. */
const timeout = 10_000;

/** What a service does with each table: it never changes the schema, and never sees what only loads and migrations use. */
const rights: Readonly<Record<string, string>> = {
  entities: 'SELECT, INSERT, UPDATE, DELETE',
  entity_tombstones: 'SELECT, INSERT, UPDATE, DELETE',
  outbox: 'SELECT, INSERT, UPDATE, DELETE',
  idempotency_keys: 'SELECT, INSERT, UPDATE, DELETE',
  cache_debt: 'SELECT, UPDATE',
};

/**
 * Makes a database user of each service, without a password: it signs in by IAM where the database knows that
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html). Harmless when
 * they are there. The schema must have been migrated.
 * @throws StrataError database-unavailable
 */
export async function admitUsers(url: string, users: readonly string[]): Promise<void> {
  const database = openDatabase({ url, connections: 1, name: 'users', statementTimeout: timeout });
  try {
    await bounded(timeout, () =>
      database.begin(async (transaction) => {
        await transaction`SELECT pg_advisory_xact_lock(hashtextextended('strata users', 0))`;
        for (const user of users) await admit(transaction, user);
      }),
    );
  } finally {
    await database.end();
  }
}

async function admit(transaction: Transaction, user: string): Promise<void> {
  // Names cannot be parameters; the server itself quotes them.
  const [row] = await transaction<[{ name: string; known: boolean; signsIn: boolean }]>`
    SELECT quote_ident(${user}) AS name,
      EXISTS (SELECT FROM pg_roles WHERE rolname = ${user}) AS known,
      EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') AS "signsIn"`;
  const { name, known, signsIn } = row;
  if (!known) await transaction.script(`CREATE ROLE ${name} LOGIN`);
  if (signsIn) await transaction.script(`GRANT rds_iam TO ${name}`);
  for (const [table, operations] of Object.entries(rights)) {
    await transaction.script(`GRANT ${operations} ON ${table} TO ${name}`);
  }
  await transaction.script(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${name}`);
}
