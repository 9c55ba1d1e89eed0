import { useState } from 'react';
import { Icon } from '../../../kit/icon.tsx';

/** An id one can read, and take along. */
export function CopyId({ id }: { readonly id: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <p className="entity-id">
      <span className="hint">Id</span> <code>{id}</code>
      <button
        type="button"
        className="button quiet square"
        onClick={async () => {
          await navigator.clipboard.writeText(id);
          setCopied(true);
        }}
      >
        <Icon name={copied ? 'check' : 'copy'} />
        <span className="unseen">{copied ? 'Copied' : 'Copy the id'}</span>
      </button>
    </p>
  );
}
