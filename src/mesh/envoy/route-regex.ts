/** A text as a regular expression (RE2) that matches just it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The beginning that a regular expression asks for when that is all it asks for: `/api/.*` is `/api/`. */
export function asPrefix(regex: string): string | undefined {
  const literal = /^\^?((?:[\w/~:@!&=,;%-]|\\[^\w])*)\.\*\$?$/.exec(regex)?.[1];
  return literal?.replace(/\\(.)/g, '$1');
}

/**
 * What is left of a regular expression for whole paths behind a text that it plainly begins with; undefined when it
 * does not. The text's characters must stand there as themselves, with no repetition or alternative reaching into them.
 */
export function afterLiteral(regex: string, text: string): string | undefined {
  if (mayHaveAlternatives(regex)) return undefined;
  let rest = regex.startsWith('^') ? regex.slice(1) : regex;
  for (const character of text) {
    const spelling = spellings(character).find((candidate) => rest.startsWith(candidate));
    if (spelling === undefined) return undefined;
    rest = rest.slice(spelling.length);
  }
  return /^[*+?{]/.test(rest) ? undefined : rest;
}

function spellings(character: string): string[] {
  return /\w/.test(character) ? [character] : [literally(character), `\\${character}`];
}

/** Whether a '|' stands outside of all groups and classes; said of what quotes with \Q as well. */
function mayHaveAlternatives(regex: string): boolean {
  if (regex.includes('\\Q')) return true;
  const outside = regex.replace(/\\./g, '').replace(/\[\^?\]?(?:\[:\^?\w+:\]|[^\]])*\]/g, '');
  let depth = 0;
  for (const character of outside) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return true;
  }
  return false;
}
