import type { Answer } from './answer.ts';
import { errorAnswer as cacheErrorAnswer } from './cache/pass.ts';

/** An answer the edge makes itself, small and never stored. */
export function errorAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  const answer = cacheErrorAnswer(status, message);
  return { ...answer, headers: [...answer.headers, ...Object.entries(headers).flat()] };
}
