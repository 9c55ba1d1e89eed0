const key = 'strata-keys';

/** Whether single keys do something: who dictates or strays onto keys turns them off (WCAG 2.2, 2.1.4). */
export function areShortcutsOn(): boolean {
  return localStorage.getItem(key) !== 'off';
}

export function setShortcuts(on: boolean): void {
  if (on) localStorage.removeItem(key);
  else localStorage.setItem(key, 'off');
}

/** Where keys write. */
const fields = 'input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable], dialog';

/** Whether a key press is meant for a field, or is part of a chord of the browser's. */
export function isForField(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const { target } = event;
  return target instanceof HTMLElement && target.closest(fields) !== null;
}
