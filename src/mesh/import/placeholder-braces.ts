/**
 * Braces of `{{ port }}` and of `${port}` mean something to YAML where they stand without quotes. These put
 * characters of the private use area in their place, one for one, so that every position stays what it is.
 */
const open = '\u{E000}';
const close = '\u{E001}';

const placeholder = /\{\{[^{}\n]{0,256}\}\}|\$\{[^{}\n]{0,256}\}/g;

/** Whether hiding could make a difference to a text. */
export function hasPlaceholderBraces(text: string): boolean {
  return !text.includes(open) && !text.includes(close) && text.search(placeholder) !== -1;
}

/** The text with the braces of its placeholders hidden. */
export function hidePlaceholderBraces(text: string): string {
  return text.replace(placeholder, (found) => found.replaceAll('{', open).replaceAll('}', close));
}

/** A value of a text whose placeholders were hidden, as it was written. */
export function showPlaceholderBraces(text: string): string {
  return text.replaceAll(open, '{').replaceAll(close, '}');
}
