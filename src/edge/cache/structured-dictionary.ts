/** A member of a dictionary. Inner lists and the less usual bare items keep no value: no directive uses them. */
export type DictionaryItem =
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'other' };

const key = /[a-z*][a-z0-9_\-.*]*/y;
const bareItems: readonly [pattern: RegExp, item: (text: string) => DictionaryItem][] = [
  [/-?\d{1,12}\.\d{1,3}(?![\d.])/y, () => ({ type: 'other' })],
  [/-?\d{1,15}(?![\d.])/y, (text) => ({ type: 'integer', value: Number(text) })],
  [
    /"(?:[ !#-[\]-~]|\\["\\])*"/y,
    (text) => ({ type: 'string', value: text.slice(1, -1).replace(/\\(.)/g, '$1') }),
  ],
  [/\?[01]/y, (text) => ({ type: 'boolean', value: text === '?1' })],
  [/:[A-Za-z0-9+/=]*:/y, () => ({ type: 'other' })],
  [/@-?\d{1,15}(?![\d.])/y, () => ({ type: 'other' })],
  [/[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y, () => ({ type: 'other' })],
];

/**
 * Reads a Dictionary of structured fields (RFC 9651, section 4.2.2). The last of a repeated key counts.
 * @returns undefined when any of it does not parse
 */
export function parseDictionary(text: string): ReadonlyMap<string, DictionaryItem> | undefined {
  const reader = createReader(text);
  const members = new Map<string, DictionaryItem>();
  reader.take(/ */y);
  while (!reader.atEnd()) {
    const name = reader.take(key);
    if (name === undefined) return undefined;
    let item: DictionaryItem | undefined = { type: 'boolean', value: true };
    if (reader.take(/=/y) !== undefined) item = readMember(reader);
    if (!item || !skipParameters(reader)) return undefined;
    members.set(name, item);
    reader.take(/[ \t]*/y);
    if (reader.atEnd()) return members;
    if (reader.take(/,[ \t]*/y) === undefined || reader.atEnd()) return undefined;
  }
  return members;
}

interface Reader {
  /** The text a sticky pattern matches here, then passed; undefined when it does not match. */
  take(pattern: RegExp): string | undefined;
  atEnd(): boolean;
}

function createReader(text: string): Reader {
  let at = 0;
  return {
    take(pattern) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (!match) return undefined;
      at = pattern.lastIndex;
      return match[0];
    },
    atEnd: () => at >= text.length,
  };
}

function readMember(reader: Reader): DictionaryItem | undefined {
  if (reader.take(/\(/y) === undefined) return readBareItem(reader);
  for (;;) {
    reader.take(/ */y);
    if (reader.take(/\)/y) !== undefined) return { type: 'other' };
    if (!readBareItem(reader) || !skipParameters(reader)) return undefined;
  }
}

function readBareItem(reader: Reader): DictionaryItem | undefined {
  for (const [pattern, item] of bareItems) {
    const text = reader.take(pattern);
    if (text !== undefined) return item(text);
  }
  return undefined;
}

function skipParameters(reader: Reader): boolean {
  while (reader.take(/; */y) !== undefined) {
    if (reader.take(key) === undefined) return false;
    if (reader.take(/=/y) !== undefined && !readBareItem(reader)) return false;
  }
  return true;
}
