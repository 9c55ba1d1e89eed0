import { isObject } from '../format.ts';
import { importLimits } from '../limits.ts';
import type { SourceDocument } from '../source.ts';
import { type Placeholder, placeholdersOf, standInOf } from './placeholder.ts';
import { isTextMeant, memberOf, plainValue } from './plain-value.ts';
import { givenValue, type Values } from './values.ts';

/** A placeholder without a value, and where it stands. */
export interface Unresolved {
  readonly placeholder: Placeholder;
  readonly path: readonly PropertyKey[];
  /** What stands in its place; undefined where no text can stand, so that it was left as it is. */
  readonly standIn: string | undefined;
}

/** A document's data with its placeholders filled in. */
export interface Substituted {
  readonly value: unknown;
  readonly unresolved: readonly Unresolved[];
  /** The keys of the values that were used. */
  readonly used: ReadonlySet<string>;
}

type Text = Pick<SourceDocument, 'file' | 'value' | 'unquoted'>;

/**
 * Fills in a document's placeholders. One without a value is filled in with a stand-in made of its name, so that
 * names which were equal stay equal and the rest can still be looked at.
 */
export function substitute(document: Text, values: Values): Substituted {
  const walk = { document, values, unresolved: [], used: new Set<string>() };
  return {
    value: filled(document.value, [], undefined, walk),
    unresolved: walk.unresolved,
    used: walk.used,
  };
}

interface Walk {
  readonly document: Text;
  readonly values: Values;
  readonly unresolved: Unresolved[];
  readonly used: Set<string>;
}

function filled(value: unknown, path: readonly PropertyKey[], parent: unknown, walk: Walk): unknown {
  if (typeof value === 'string') return filledText(value, path, parent, walk);
  if (path.length > importLimits.nesting) return undefined;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const plain = filled(item, [...path, index], value, walk);
      // `[ $TARGETS ]` may stand for several: then one text comes back as a list.
      return typeof item === 'string' && Array.isArray(plain) ? plain : [plain];
    });
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, filled(part, [...path, key], value, walk)]),
  );
}

function filledText(text: string, path: readonly PropertyKey[], parent: unknown, walk: Walk): unknown {
  const placeholders = placeholdersOf(text);
  if (placeholders.length === 0) return text;
  const whole = placeholders[0]?.text === text.trim();
  const place = { path, parent, open: whole && walk.document.unquoted(path) };
  const replacements = placeholders.map((placeholder) => valueOfPlaceholder(placeholder, walk));
  const missing = placeholders.filter((_, index) => replacements[index] === undefined);
  const textMeant = isTextMeant(place);
  const standIn = ({ name }: Placeholder) => standInOf(name, String(memberOf(path)), whole);
  for (const placeholder of missing) {
    walk.unresolved.push({ placeholder, path, standIn: textMeant ? standIn(placeholder) : undefined });
  }
  if (missing.length > 0 && !textMeant) return text;
  const plain = placeholders.map((placeholder, index) => replacements[index] ?? standIn(placeholder));
  return plainValue(replaced(text, placeholders, plain), place);
}

function valueOfPlaceholder({ name, fallback, helm }: Placeholder, walk: Walk): string | undefined {
  const given = helm ? undefined : givenValue(walk.values, walk.document.file, name);
  if (given) walk.used.add(given.key);
  return given?.value ?? fallback;
}

function replaced(text: string, placeholders: readonly Placeholder[], parts: readonly string[]): string {
  let end = 0;
  const pieces = placeholders.map((placeholder, index) => {
    const piece = text.slice(end, placeholder.index) + (parts[index] ?? '');
    end = placeholder.index + placeholder.text.length;
    return piece;
  });
  return pieces.join('') + text.slice(end);
}
