import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** Takes the keyboard and the screen reader along to a new page: to its heading, or the page itself. @returns the path */
export function useNavigationFocus(): string {
  const { pathname, search } = useLocation();
  const type = useNavigationType();
  const before = useRef(pathname);
  // A new query is a new view of the page: it begins at the top, and the keyboard stays where it asked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what calls for it
  useEffect(() => {
    if (type === 'PUSH') scrollTo(0, 0);
  }, [pathname, search, type]);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    // The page's code may still be on its way.
    const focus = () => {
      const heading = document.querySelector<HTMLElement>('main h1');
      heading?.focus({ preventScroll: true });
      return heading !== null;
    };
    if (focus()) return;
    const main = document.querySelector('main');
    if (!main) return;
    const observer = new MutationObserver(() => {
      if (focus()) observer.disconnect();
    });
    observer.observe(main, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [pathname]);
  return pathname;
}
