import { Dialog } from '../../../kit/dialog.tsx';

/** The keys of the pages. */
const shortcuts: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['/'], 'Search by name'],
  [['j', 'k'], 'Next, previous entity in the list'],
  [['Enter'], 'Open it'],
  [['n'], 'New entity'],
  [['e'], 'Edit the one that is open'],
  [['b'], 'Back to the list'],
  [['?'], 'These keys'],
  [['Esc'], 'Close, or clear the search'],
];

/** The list of keys, and the switch that turns them off. */
export function KeysDialog({
  on,
  onSwitch,
  onClose,
}: {
  readonly on: boolean;
  readonly onSwitch: (on: boolean) => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title="Keys" open onClose={onClose}>
      <dl className="keys">
        {shortcuts.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="keys-switch">
        <input type="checkbox" checked={on} onChange={({ target }) => onSwitch(target.checked)} />
        Single keys are on
      </label>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
