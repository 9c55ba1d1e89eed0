import { importDocuments, type MeshImport } from '../../../src/mesh/import/import.ts';

/** Imports documents given as texts by file name, with values given as on the command line. */
export function imported(
  files: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>> = {},
): MeshImport {
  const sources = Object.entries(files).map(([file, text]) => ({ file, text }));
  return importDocuments(sources, new Map(Object.entries(values)));
}

/** Lines of YAML without the indentation they have in a test. */
export function yaml(text: TemplateStringsArray, ...values: readonly unknown[]): string {
  const whole = String.raw(text, ...values).replace(/^\n/, '');
  const indent = /^ */.exec(whole)?.[0].length ?? 0;
  return whole.replace(new RegExp(`^ {0,${indent}}`, 'gm'), '');
}
