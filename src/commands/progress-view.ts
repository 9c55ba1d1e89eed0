import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { Progress, ProgressEvent } from '../targets/local/progress.ts';

/** Shows progress and cleans up after itself. */
export interface ProgressView {
  readonly progress: Progress;
  /** Leaves the last state standing; later events are not shown. */
  end(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameInterval = 100;
const nameWidth = 16;

/** On a terminal a line a component that changes in place, elsewhere a plain line when one is done. */
export function createProgressView(stream: WriteStream): ProgressView {
  return stream.isTTY && process.env.TERM !== 'dumb' ? liveView(stream) : plainView(stream);
}

function plainView(stream: NodeJS.WritableStream): ProgressView {
  let open = true;
  return {
    progress: (event) => {
      if (open && event.state !== 'running') stream.write(`${line(event, marks[event.state])}\n`);
    },
    end: () => {
      open = false;
    },
  };
}

function liveView(stream: WriteStream): ProgressView {
  const latest = new Map<string, ProgressEvent>();
  let drawn = 0;
  let frame = 0;
  const draw = () => {
    frame += 1;
    const spinner = frames[frame % frames.length] ?? '';
    // A component that ended is written once and for all; only those under way are drawn again.
    let text = drawn > 0 ? `\x1b[${drawn}A\r\x1b[J` : '';
    drawn = 0;
    for (const [component, event] of latest) {
      const mark = event.state === 'running' ? styled('cyan', spinner, stream) : colouredMark(event, stream);
      text += `${line(event, mark).slice(0, Math.max(20, stream.columns + 10))}\n`;
      if (event.state === 'running') drawn += 1;
      else latest.delete(component);
    }
    stream.write(text);
  };
  const order = () => {
    const ended = [...latest].filter(([, event]) => event.state !== 'running');
    const under = [...latest].filter(([, event]) => event.state === 'running');
    latest.clear();
    for (const [name, event] of [...ended, ...under]) latest.set(name, event);
  };
  const timer = setInterval(draw, frameInterval);
  timer.unref();
  let open = true;
  return {
    progress: (event) => {
      if (!open) return;
      latest.set(event.component, event);
      order();
      draw();
    },
    end: () => {
      open = false;
      clearInterval(timer);
    },
  };
}

const marks = { running: '·', done: '✓', failed: '✗' } as const;

function colouredMark({ state }: ProgressEvent, stream: WriteStream): string {
  return styled(state === 'failed' ? 'red' : 'green', marks[state], stream);
}

function styled(style: 'red' | 'green' | 'cyan', text: string, stream: WriteStream): string {
  return styleText(style, text, { stream });
}

function line({ component, duration, detail }: ProgressEvent, mark: string): string {
  const time = duration === undefined ? '' : `${(duration / 1000).toFixed(1)} s`.padStart(7);
  return `  ${mark} ${component.padEnd(nameWidth)}${time}${detail === undefined ? '' : `  ${detail}`}`.trimEnd();
}
