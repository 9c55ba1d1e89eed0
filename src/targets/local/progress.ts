import { StrataError } from '../../kernel/errors.ts';

/** What happens to one component while the platform starts, changes or stops. */
export interface ProgressEvent {
  readonly component: string;
  readonly state: 'running' | 'done' | 'failed';
  /** A few words beside the name: what it does, or did. */
  readonly detail?: string;
  /** Milliseconds it took; with 'done' and 'failed'. */
  readonly duration?: number;
}

/** Learns of progress; must not throw. */
export type Progress = (event: ProgressEvent) => void;

/** Runs one component's work and reports its begin and end. @throws StrataError, whatever the work throws */
export async function reported<Value>(
  progress: Progress,
  component: string,
  work: (detail: (text: string) => void) => Promise<Value>,
): Promise<Value> {
  const started = performance.now();
  let last: string | undefined;
  const event = (state: ProgressEvent['state']) => {
    const duration = state === 'running' ? {} : { duration: performance.now() - started };
    progress({ component, state, ...duration, ...(last === undefined ? {} : { detail: last }) });
  };
  event('running');
  try {
    const value = await work((text) => {
      last = text;
      event('running');
    });
    event('done');
    return value;
  } catch (error) {
    event('failed');
    if (error instanceof StrataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('child-failed', { component, reason }, { cause: error });
  }
}
