import { Icon } from '../../../kit/icon.tsx';
import { type AttributeType, attributeTypes, type DraftAttribute } from './draft.ts';

/** One attribute being edited: its name, its type, its value. */
export function AttributeRow({
  attribute,
  number,
  keyFault,
  textFault,
  onChange,
  onRemove,
}: {
  readonly attribute: DraftAttribute;
  readonly number: number;
  readonly keyFault: string | undefined;
  readonly textFault: string | undefined;
  readonly onChange: (attribute: DraftAttribute) => void;
  readonly onRemove: () => void;
}) {
  const { row, key, type, text } = attribute;
  const called = key === '' ? `attribute ${number}` : key;
  const change = (next: Partial<DraftAttribute>) => onChange({ ...attribute, ...next });
  const value = {
    id: `${row}.text`,
    className: 'control',
    'aria-label': `Value of ${called}`,
    'aria-invalid': textFault !== undefined,
    'aria-describedby': `${row}.fault`,
  };
  return (
    <div className="attribute-row">
      <input
        id={`${row}.key`}
        className="control"
        aria-label={`Name of attribute ${number}`}
        placeholder="Name"
        value={key}
        onChange={({ target }) => change({ key: target.value })}
        aria-invalid={keyFault !== undefined}
        aria-describedby={`${row}.fault`}
        autoComplete="off"
        spellCheck={false}
      />
      <select
        className="control"
        aria-label={`Type of ${called}`}
        value={type}
        onChange={({ target }) => change(retyped(target.value as AttributeType, text))}
      >
        {Object.entries(attributeTypes).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      {type === 'truth' ? (
        <select {...value} value={text} onChange={({ target }) => change({ text: target.value })}>
          <option value="true">Yes</option>
          <option value="false">No</option>
        </select>
      ) : type === 'json' ? (
        <textarea
          {...value}
          rows={2}
          spellCheck={false}
          value={text}
          onChange={({ target }) => change({ text: target.value })}
        />
      ) : (
        <input
          {...value}
          placeholder="Value"
          inputMode={type === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          value={text}
          onChange={({ target }) => change({ text: target.value })}
        />
      )}
      <button type="button" className="button quiet square" onClick={onRemove}>
        <Icon name="close" />
        <span className="unseen">Remove {called}</span>
      </button>
      <p id={`${row}.fault`} className="fault">
        {[keyFault, textFault].filter(Boolean).join(' ')}
      </p>
    </div>
  );
}

/** A value taken over to another type as well as it goes. */
function retyped(type: AttributeType, text: string): Pick<DraftAttribute, 'type' | 'text'> {
  if (type === 'truth') return { type, text: /^(true|yes|1)$/i.test(text) ? 'true' : 'false' };
  return { type, text };
}
