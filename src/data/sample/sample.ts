import { bounded, openDatabase } from '../relational/connection.ts';
import { storeBatch } from '../relational/load/batch.ts';
import { samplePlaces } from './places.ts';

/** Milliseconds the sample may take. */
const timeout = 30_000;

/**
 * Loads the sample places into a migrated database on its first start: never again, also when they were changed or
 * deleted since, and not when there are entities of someone else's.
 * @returns how many entities were loaded
 * @throws StrataError database-unavailable
 */
export async function loadSample(url: string): Promise<number> {
  const database = openDatabase({ url, connections: 1, name: 'sample', statementTimeout: timeout });
  try {
    const [{ wanted }] = await bounded(
      timeout,
      () => database<[{ wanted: boolean }]>`
        SELECT NOT EXISTS (SELECT FROM samples) AND NOT EXISTS (SELECT FROM entities) AS wanted`,
    );
    if (!wanted) return 0;
    const places = await samplePlaces();
    return await bounded(timeout, () =>
      database.begin(async (transaction) => {
        const { count } = await transaction`
          INSERT INTO samples (name) VALUES ('places') ON CONFLICT (name) DO NOTHING`;
        return count === 0 ? 0 : (await storeBatch(transaction, places)).loaded;
      }),
    );
  } finally {
    await database.end();
  }
}
