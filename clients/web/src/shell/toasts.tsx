import { useEffect, useSyncExternalStore } from 'react';
import { Icon } from '../../../kit/icon.tsx';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const shown = 6_000;
const listeners = new Set<() => void>();
let current: Toast | undefined;
let count = 0;

/** Says in one line what an action came to, for a few seconds. */
export function say(text: string): void {
  count += 1;
  current = { id: count, text };
  for (const listener of listeners) listener();
}

function clear(): void {
  current = undefined;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where `say` says it. */
export function Toasts() {
  const toast = useSyncExternalStore(
    subscribe,
    () => current,
    () => undefined,
  );
  useEffect(() => {
    if (!toast) return;
    const timer = setTimeout(clear, shown);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className="toasts" role="status">
      {toast && (
        <p key={toast.id} className="toast">
          <Icon name="check" />
          {toast.text}
        </p>
      )}
    </div>
  );
}
