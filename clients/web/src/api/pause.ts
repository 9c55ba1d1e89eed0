/** Waits for milliseconds; an abort ends the wait. @throws the signal's reason */
export function pause(duration: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, duration);
    signal?.addEventListener('abort', end, { once: true });
  });
}
