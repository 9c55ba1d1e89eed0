import { useSyncExternalStore } from 'react';

const steps: readonly [unit: Intl.RelativeTimeFormatUnit, milliseconds: number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago a time was, in words: `5 minutes ago`. */
export function relativeTime(time: number, now: number): string {
  const distance = time - now;
  const step = steps.find(([, size]) => Math.abs(distance) >= size);
  return step ? relative.format(Math.trunc(distance / step[1]), step[0]) : 'just now';
}

/** A time in words, exact when pointed at; it is kept true every half minute. */
export function RelativeTime({ time }: { readonly time: string | number }) {
  const now = useSyncExternalStore(onTick, halfMinute);
  const date = new Date(time);
  return (
    <time dateTime={date.toISOString()} title={exact.format(date)}>
      {relativeTime(date.getTime(), Math.max(now, date.getTime()))}
    </time>
  );
}

const interval = 30_000;

function onTick(notify: () => void): () => void {
  const timer = setInterval(notify, interval);
  return () => clearInterval(timer);
}

function halfMinute(): number {
  return Math.ceil(Date.now() / interval) * interval;
}
