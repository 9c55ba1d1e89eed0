/** Whether the next heading that comes is to have the focus. */
let passedOn = false;

/** A heading's ref: one that takes the place of the heading that had the focus has it too. */
export function keepHeadingFocus(heading: HTMLHeadingElement): () => void {
  if (passedOn) {
    passedOn = false;
    heading.focus({ preventScroll: true });
  }
  return () => {
    passedOn = document.activeElement === heading;
  };
}

/** Takes the keyboard and the screen reader to the page's heading, or to the one that is to come. */
export function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('main h1');
  heading?.focus({ preventScroll: true });
  passedOn = heading === null;
}

/** Begins at the top with what has come in the place of something else, as a new page does. */
export function beginAtTop(): void {
  scrollTo(0, 0);
  focusHeading();
}
