import { useState } from 'react';

/**
 * The error of a read that has nothing to show: it stands while the read is tried again, so that the page does not
 * change back and forth.
 * @param place of what is read, one each
 */
export function useStandingError(
  place: string,
  { error, data }: { readonly error: unknown; readonly data: unknown },
): unknown {
  const [standing, setStanding] = useState<{ place: string; error: unknown }>();
  if (error && (standing?.error !== error || standing.place !== place)) setStanding({ place, error });
  if (data !== undefined) return undefined;
  return error ?? (standing?.place === place ? standing.error : undefined);
}
