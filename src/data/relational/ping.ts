import postgres from 'postgres';

/** Milliseconds after which a server that does not answer counts as not ready. */
const timeout = 1000;

/**
 * Asks the relational database a real query.
 * @throws Error when it does not answer within a second, whatever the reason
 */
export async function pingRelational(url: string): Promise<void> {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: timeout / 1000,
    fetch_types: false,
    onnotice: () => {},
  });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${timeout} ms`)), timeout);
  try {
    await Promise.race([sql`select 1`, late.promise]);
  } finally {
    clearTimeout(timer);
    await sql.end({ timeout: 0 });
  }
}
