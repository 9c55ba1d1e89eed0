import { useState, useSyncExternalStore } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { milliseconds, Waterfall } from '../../../kit/waterfall.tsx';
import { type Explanation, spansOf } from './explanation.ts';

/** Whether an answer came from a cache, and how long each layer took: beside the answer, or under it on a phone. */
export function ExplanationPanel({
  explanation,
  pending,
  failed,
  onAgain,
}: {
  readonly explanation: Explanation | undefined;
  readonly pending: boolean;
  readonly failed: boolean;
  readonly onAgain: () => void;
}) {
  const wide = useWide();
  const [asked, setAsked] = useState<boolean>();
  const open = asked ?? wide;
  return (
    <aside className="explanation panel" aria-labelledby="explanation-title">
      <div className="explanation-head">
        <h2 id="explanation-title">This answer</h2>
        <p className="verdict">{verdictOf(explanation, failed)}</p>
        <button
          type="button"
          className="button again"
          onClick={() => pending || onAgain()}
          aria-disabled={pending}
        >
          <Icon name="sync" />
          <span>Ask again</span>
        </button>
        <button
          type="button"
          className="button quiet explanation-toggle"
          aria-expanded={open}
          aria-controls="explanation-body"
          onClick={() => setAsked(!open)}
        >
          Layers
          <Icon name="down" />
        </button>
      </div>
      <div id="explanation-body" className={asked === undefined ? 'by-itself' : ''} hidden={!open}>
        {explanation ? (
          <Body explanation={explanation} />
        ) : failed ? (
          <p className="hint">No layer answered, so there is nothing to show.</p>
        ) : (
          <BodySkeleton />
        )}
      </div>
    </aside>
  );
}

/** The whole in one line. */
function verdictOf(explanation: Explanation | undefined, failed: boolean): string {
  if (!explanation) return failed ? 'None came' : 'On its way…';
  if (explanation.storedAt !== undefined) return 'Kept on this device';
  const first = explanation.caches.find(({ hit }) => hit);
  const from = first ? `${first.cache} ${first.word}` : 'Not cached';
  return `${from}, ${milliseconds(explanation.duration)}`;
}

function Body({ explanation }: { readonly explanation: Explanation }) {
  const { caches, timings, requestId } = explanation;
  if (explanation.storedAt !== undefined) {
    return (
      <p className="hint stored">
        The platform did not answer; this is what it answered <RelativeTime time={explanation.storedAt} />.
      </p>
    );
  }
  const { spans, total } = spansOf(explanation);
  return (
    <>
      <dl className="caches">
        {caches.map(({ cache, layer, word, hit }) => (
          <div key={cache} data-layer={layer}>
            <dt>{cache}</dt>
            <dd>
              <span className={`tag ${word === 'error' ? 'bad' : hit ? 'good' : ''}`}>{word}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Waterfall spans={spans} total={total} />
      <p className="hint">
        {timings.length > 0
          ? 'Layers wrap each other: a bar holds those below it.'
          : 'The layers did not say how long they took.'}
      </p>
      {requestId && (
        <p className="hint request-id">
          Request <code>{requestId}</code>
        </p>
      )}
    </>
  );
}

function BodySkeleton() {
  return (
    <div className="explanation-skeleton" aria-hidden="true">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((line) => (
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}

const query = '(min-width: 60rem)';

function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
    () => true,
  );
}
