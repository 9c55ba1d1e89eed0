/** How often at most and at least due refreshes are looked for, milliseconds. */
const interval = { least: 1000, most: 30_000 };

/**
 * Looks for due refreshes of the cache on a schedule, one look at a time.
 * @param period milliseconds after which one entry is refreshed; it is looked for ten times as often
 * @returns ends the schedule
 */
export function scheduleRefresh(
  refreshDue: () => Promise<number>,
  { period, onError }: { period: number; onError: (error: unknown) => void },
): () => void {
  let looking = false;
  const look = () => {
    if (looking) return;
    looking = true;
    refreshDue()
      .catch(onError)
      .finally(() => {
        looking = false;
      });
  };
  const timer = setInterval(look, Math.min(interval.most, Math.max(interval.least, period / 10)));
  timer.unref();
  return () => clearInterval(timer);
}
