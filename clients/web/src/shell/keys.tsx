import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';
import { useRole } from '../session/session.ts';
import { searchId } from './search-box.tsx';
import { areShortcutsOn, isForField, setShortcuts } from './shortcuts.ts';

/** The list of keys, fetched when it is asked for. */
const KeysDialog = lazy(async () => ({ default: (await import('./keys-dialog.tsx')).KeysDialog }));

/** The keyboard's way through the pages, and the list of its keys. */
export function Keys() {
  const [open, setOpen] = useState(false);
  const [on, setOn] = useState(true);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const editor = useRole('editor');
  useEffect(() => setOn(areShortcutsOn()), []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!on || isForField(event)) return;
      const id = new URLSearchParams(search).get('id');
      const act = {
        '/': () => document.getElementById(searchId)?.focus(),
        '?': () => setOpen(true),
        j: () => moveInList(1),
        k: () => moveInList(-1),
        b: () => navigate(addresses.browse()),
        n: () => editor && navigate(addresses.create()),
        e: () => editor && pathname === '/entity' && id !== null && navigate(addresses.edit(id)),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [on, navigate, pathname, search, editor]);
  return (
    <>
      <button type="button" className="button quiet keys-button" onClick={() => setOpen(true)}>
        <Icon name="keys" />
        Keys
      </button>
      {open && (
        <Suspense>
          <KeysDialog
            on={on}
            onSwitch={(next) => {
              setShortcuts(next);
              setOn(next);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}

function moveInList(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const focused = rows.findIndex((row) => row.matches(':focus'));
  const next = rows[focused < 0 ? (step > 0 ? 0 : rows.length - 1) : focused + step];
  next?.focus();
}
