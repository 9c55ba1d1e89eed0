import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { focusHeading } from './heading-focus.ts';

/** Takes the keyboard and the screen reader along to a new page: to its heading. @returns the path */
export function useNavigationFocus(): string {
  const { pathname, search } = useLocation();
  const type = useNavigationType();
  const address = `${pathname}${search}`;
  const shown = useRef({ pathname, address });
  useEffect(() => {
    const before = shown.current;
    shown.current = { pathname, address };
    if (before.address === address) return;
    const another = before.pathname !== pathname;
    // A new query is a new view of the page: it begins at the top, and the keyboard stays where it asked.
    if (type === 'PUSH' || (another && type === 'REPLACE')) scrollTo(0, 0);
    if (another) focusHeading();
  }, [pathname, address, type]);
  return pathname;
}
