import { type ReactNode, useEffect } from 'react';
import { titleOf } from '../documents.ts';
import { keepHeadingFocus } from './heading-focus.ts';

/** A page's heading, which is also the document's title. */
export function PageTitle({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = titleOf(title);
  }, [title]);
  return (
    <h1 ref={keepHeadingFocus} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}
