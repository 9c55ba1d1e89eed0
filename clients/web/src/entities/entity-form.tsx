import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from '../../../kit/icon.tsx';
import type { EntityInput } from '../api/entity.ts';
import { AttributeRow } from './attribute-row.tsx';
import { type Draft, type DraftAttribute, type Faults, read } from './draft.ts';

const noFaults: Faults = new Map();

/** The fields of an entity. What is typed is told on, so that it can be kept. */
export function EntityForm({
  draft,
  onDraft,
  onSubmit,
  busy,
  failure,
  submitLabel,
  cancel,
}: {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly onSubmit: (input: EntityInput) => void;
  readonly busy: boolean;
  /** What became of the last try, if nothing good. */
  readonly failure: ReactNode;
  readonly submitLabel: string;
  readonly cancel: ReactNode;
}) {
  const [faults, setFaults] = useState<Faults>(noFaults);
  const form = useRef<HTMLFormElement>(null);
  const added = useRef<string>(undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const result = read(draft);
    setFaults('faults' in result ? result.faults : noFaults);
    if ('input' in result) onSubmit(result.input);
  };
  useEffect(() => {
    if (faults.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  useEffect(() => {
    if (added.current === undefined) return;
    document.getElementById(`${added.current}.key`)?.focus();
    added.current = undefined;
  });

  const change = (attributes: readonly DraftAttribute[]) => onDraft({ ...draft, attributes });
  const add = () => {
    const row = crypto.randomUUID();
    added.current = row;
    change([...draft.attributes, { row, key: '', type: 'text', text: '' }]);
  };
  const nameFault = faults.get('name');
  return (
    <form ref={form} className="entity-form" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor="name">Name</label>
        <input
          id="name"
          className="control"
          value={draft.name}
          onChange={({ target }) => onDraft({ ...draft, name: target.value })}
          autoComplete="off"
          required
          aria-invalid={nameFault !== undefined}
          aria-describedby="name-fault"
        />
        <p id="name-fault" className="fault">
          {nameFault}
        </p>
      </div>
      <fieldset className="attribute-rows">
        <legend className="label">Attributes</legend>
        {draft.attributes.length === 0 && (
          <p className="hint">None yet. An attribute is a name and a value.</p>
        )}
        {draft.attributes.map((attribute, index) => (
          <AttributeRow
            key={attribute.row}
            attribute={attribute}
            number={index + 1}
            keyFault={faults.get(`${attribute.row}.key`)}
            textFault={faults.get(`${attribute.row}.text`)}
            onChange={(next) => change(draft.attributes.with(index, next))}
            onRemove={() => {
              change(draft.attributes.toSpliced(index, 1));
              document.getElementById('add-attribute')?.focus();
            }}
          />
        ))}
        <button id="add-attribute" type="button" className="button" onClick={add}>
          <Icon name="plus" />
          Add an attribute
        </button>
      </fieldset>
      {failure}
      <div className="actions">
        <button type="submit" className="button primary" aria-disabled={busy}>
          {busy ? 'Saving…' : submitLabel}
        </button>
        {cancel}
      </div>
    </form>
  );
}
