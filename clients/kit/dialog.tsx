import { type ReactNode, useEffect, useId, useRef } from 'react';

/** A modal dialog over the page. Escape and the backdrop close it; focus goes back to where it was. */
export function Dialog({
  title,
  open,
  onClose,
  children,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!open || !dialog) return;
    dialog.showModal();
    const closeFromBackdrop = (event: MouseEvent) => {
      if (event.target === dialog) dialog.close();
    };
    dialog.addEventListener('click', closeFromBackdrop);
    return () => {
      dialog.removeEventListener('click', closeFromBackdrop);
      dialog.close();
    };
  }, [open]);
  return (
    <dialog ref={element} aria-labelledby={titleId} onClose={onClose}>
      {open && (
        <>
          <h2 id={titleId}>{title}</h2>
          {children}
        </>
      )}
    </dialog>
  );
}
