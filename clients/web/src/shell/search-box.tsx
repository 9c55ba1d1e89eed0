import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { Icon } from '../../../kit/icon.tsx';
import { addresses } from '../addresses.ts';

/** The id that `/` focuses. */
export const searchId = 'search';

/** Search by exact name: what is searched for is in the address. */
export function SearchBox() {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const named = pathname === '/' ? (new URLSearchParams(search).get('name') ?? '') : '';
  const [text, setText] = useState(named);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(named), [named]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    navigate(addresses.browse(text.trim()));
  };
  const clear = () => {
    setText('');
    input.current?.focus();
    if (named !== '') navigate(addresses.browse());
  };
  return (
    <search className="search">
      <form onSubmit={submit} action="/">
        <label className="unseen" htmlFor={searchId}>
          Find entities by exact name
        </label>
        <Icon name="search" />
        <input
          ref={input}
          id={searchId}
          className="control"
          name="name"
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          placeholder="Find by exact name"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            if (text === '') input.current?.blur();
            else clear();
          }}
        />
        {text === '' ? (
          <span className="key-hint" aria-hidden="true">
            /
          </span>
        ) : (
          <button type="button" className="clear" onClick={clear}>
            <Icon name="close" />
            <span className="unseen">Clear the search</span>
          </button>
        )}
      </form>
    </search>
  );
}
