import { rmSync } from 'node:fs';
import { openDiskStore } from './cache/disk-store.ts';
import { createMemoryStore } from './cache/memory-store.ts';
import type { ObjectStore, StoreLimits } from './cache/store.ts';
import type { EdgeConfiguration } from './configuration.ts';

/** The bounds of a configuration's store. */
export function limitsOf({ plan, storeFolder }: EdgeConfiguration): StoreLimits {
  const { memory, disk, object } = plan.access.store;
  return { bytes: storeFolder === undefined ? memory : disk, objectBytes: object, memoryBytes: memory };
}

/**
 * Opens the store of what is cached. A file that cannot be read is begun anew: a cache may always forget.
 * @throws an error of node:fs or node:sqlite when the folder cannot be written, or another process has it
 */
export function openStore(configuration: EdgeConfiguration): ObjectStore {
  const { storeFolder } = configuration;
  const limits = limitsOf(configuration);
  if (storeFolder === undefined) return createMemoryStore(limits);
  try {
    return openDiskStore(storeFolder, limits);
  } catch {
    rmSync(storeFolder, { recursive: true, force: true });
    return openDiskStore(storeFolder, limits);
  }
}
