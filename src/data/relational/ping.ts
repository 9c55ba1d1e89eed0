import pg from 'pg';

/** Milliseconds after which a server that does not answer counts as not ready. */
const timeout = 1000;

/**
 * Asks the relational database a real query.
 * @throws Error when it does not answer within a second, whatever the reason
 */
export async function pingRelational(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
    application_name: 'ping',
  });
  // What goes wrong is told by the calls below; the event has nobody else to tell.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    client.end().catch(() => {});
  }
}
