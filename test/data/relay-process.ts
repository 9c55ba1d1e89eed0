import { once } from 'node:events';
import type { Change } from '../../src/data/entity.ts';
import { createRelay } from '../../src/data/relational/relay.ts';

/** A relay in a process of its own, so that a test can kill it: what it delivers goes to the parent, one batch at a time. */
const relay = createRelay({
  url: process.env.DATABASE_URL ?? '',
  batch: 5,
  workers: 1,
  deliver: async (changes: readonly Change[]) => {
    process.send?.(changes);
    await once(process, 'message');
  },
  invalidate: async () => {},
});
relay.start();
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
