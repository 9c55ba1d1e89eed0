/** The folder a file is in; empty for a file named without one. */
export function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/**
 * Puts requests together that belong together: those of one folder and of the folders in it, since updates are often
 * kept in a folder of their own.
 */
export function byFolder<Item extends { readonly file: string }>(items: readonly Item[]): Item[][] {
  const folders = new Set(items.map(({ file }) => folderOf(file)));
  const outermost = new Map<string, string>();
  for (const folder of folders) outermost.set(folder, outermostOf(folder, folders));
  return [...Map.groupBy(items, ({ file }) => outermost.get(folderOf(file))).values()];
}

function outermostOf(folder: string, folders: ReadonlySet<string>): string {
  const parts = folder.split('/');
  const ancestors = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return ['', ...ancestors].find((ancestor) => folders.has(ancestor)) ?? folder;
}
