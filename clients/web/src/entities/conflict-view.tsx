import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import type { Entity, EntityInput } from '../api/entity.ts';
import { beginAtTop } from '../shell/heading-focus.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { conflictsOf, type FieldConflict, fieldKey, resolved, type Side } from './conflict.ts';
import { Value } from './value.tsx';

/** Two versions of an entity side by side, field by field; one chooses, and nothing is lost unseen. */
export function ConflictView({
  base,
  mine,
  theirs,
  busy,
  failure,
  onDecided,
  onDrop,
}: {
  readonly base: EntityInput;
  readonly mine: EntityInput;
  readonly theirs: Entity;
  readonly busy: boolean;
  readonly failure: ReactNode;
  readonly onDecided: (input: EntityInput) => void;
  readonly onDrop: () => void;
}) {
  useEffect(beginAtTop, []);
  const conflicts = useMemo(() => conflictsOf(base, mine, theirs), [base, mine, theirs]);
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(
    () => new Map(conflicts.flatMap(({ field, settled }) => (settled ? [[fieldKey(field), settled]] : []))),
  );
  const open = conflicts.filter(({ field }) => !choices.has(fieldKey(field))).length;
  const choose = (field: FieldConflict['field'], side: Side) =>
    setChoices((before) => new Map(before).set(fieldKey(field), side));
  const chooseAll = (side: Side) =>
    setChoices(new Map(conflicts.map(({ field }) => [fieldKey(field), side])));
  return (
    <div className="conflict">
      <PageTitle title={`Two versions of ${theirs.name}`} />
      <p className="lead">
        Someone saved version {theirs.version} <RelativeTime time={theirs.updatedAt} />, while you were
        editing. Nothing of yours is lost: choose for each field. Where only one of you changed it, that is
        chosen already.
      </p>
      {conflicts.length === 0 ? (
        <p className="panel no-attributes">Both say the same now. There is nothing left to choose.</p>
      ) : (
        <ul className="conflicts">
          {conflicts.map((conflict) => (
            <Field
              key={fieldKey(conflict.field)}
              conflict={conflict}
              choice={choices.get(fieldKey(conflict.field))}
              onChoose={(side) => choose(conflict.field, side)}
            />
          ))}
        </ul>
      )}
      {failure}
      <p className="hint" role="status">
        {open === 0
          ? 'Every field is chosen.'
          : open === 1
            ? '1 field is still open.'
            : `${open} fields are still open.`}
      </p>
      <div className="actions">
        <button
          type="button"
          className="button primary"
          aria-disabled={busy || open > 0}
          onClick={() => {
            if (busy || open > 0) return;
            onDecided(resolved(theirs, conflicts, ({ field }) => choices.get(fieldKey(field)) ?? 'theirs'));
          }}
        >
          {busy ? 'Saving…' : 'Save this'}
        </button>
        {conflicts.length > 1 && (
          <button type="button" className="button" onClick={() => chooseAll('mine')}>
            All mine
          </button>
        )}
        {conflicts.length > 1 && (
          <button type="button" className="button" onClick={() => chooseAll('theirs')}>
            All theirs
          </button>
        )}
        <button type="button" className="button quiet" onClick={onDrop}>
          Drop my change
        </button>
      </div>
    </div>
  );
}

function Field({
  conflict,
  choice,
  onChoose,
}: {
  readonly conflict: FieldConflict;
  readonly choice: Side | undefined;
  readonly onChoose: (side: Side) => void;
}) {
  const { field, base, mine, theirs } = conflict;
  const key = fieldKey(field);
  const attribute = field.kind === 'name' ? '' : field.key;
  const side = (name: Side, label: string, value: unknown) => (
    <label className="conflict-side">
      <span className="conflict-label">
        <input type="radio" name={key} checked={choice === name} onChange={() => onChoose(name)} />
        {label}
      </span>
      <Value value={value} attribute={attribute} />
    </label>
  );
  return (
    <li>
      <fieldset className="conflict-field panel">
        <legend className="label">{field.kind === 'name' ? 'Name' : field.key}</legend>
        {side('mine', 'Yours', mine)}
        {side('theirs', 'Theirs', theirs)}
        <p className="hint">
          Before: <Value value={base} attribute={attribute} />
        </p>
      </fieldset>
    </li>
  );
}
