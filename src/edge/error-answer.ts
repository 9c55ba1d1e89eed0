import type { Answer } from './exchange.ts';

/** An answer the edge makes itself, small and never stored. */
export function errorAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ message }),
  };
}
