import { StrataError } from '../../kernel/errors.ts';

/** An error as the one line a person reads: what, and what to do. */
export function lineOf(error: unknown): string {
  if (error instanceof StrataError) return error.line;
  const reason = error instanceof Error ? error.message : String(error);
  return `strata: ${reason.split('\n')[0]}. See strata logs supervisor.`;
}
