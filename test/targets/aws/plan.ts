import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Plan, plan } from '../../../src/model/plan.ts';

export const root = resolve(import.meta.dirname, '../../..');

/** A document as a plan. @throws Error with its mistakes */
export function planOf(document: unknown): Plan {
  const result = plan(document);
  if (result.plan === undefined) throw new Error(JSON.stringify(result.mistakes));
  return result.plan;
}

/** A folder that goes when the process does. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strata-aws-'));
  process.once('beforeExit', () => rm(folder, { recursive: true, force: true }));
  return folder;
}
