import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

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
    // A new query is a new view of the page: it begins at the top, and the keyboard stays where it asked.
    if (type === 'PUSH') scrollTo(0, 0);
    if (before.pathname !== pathname)
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [pathname, address, type]);
  return pathname;
}
