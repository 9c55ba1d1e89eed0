import type { Finding } from '../found-resource.ts';
import type { SourceDocument } from '../source.ts';
import { helmFinding } from './helm.ts';
import type { Unresolved } from './substitute.ts';
import { fileSettingOf, settingOf } from './values.ts';

/** Placeholders without a value in one document, apart by whether the mesh needs them. */
export interface UnresolvedPlaces {
  readonly document: Pick<SourceDocument, 'file' | 'locate'>;
  readonly needed: readonly Unresolved[];
  readonly unneeded: readonly Unresolved[];
}

interface Place {
  readonly document: UnresolvedPlaces['document'];
  readonly unresolved: Unresolved;
}

/**
 * What to tell about placeholders without a value: an error for each name and file that the mesh needs, with the
 * setting to give; one note a file for the names it does not need.
 */
export function unresolvedFindings(documents: readonly UnresolvedPlaces[]): Finding[] {
  const needed = documents.flatMap(({ document, needed }) =>
    needed.map((unresolved) => ({ document, unresolved })),
  );
  const filesOf = new Map<string, Set<string>>();
  for (const place of needed) {
    filesOf.set(nameOf(place), (filesOf.get(nameOf(place)) ?? new Set()).add(place.document.file));
  }
  const isNeeded = new Set(needed.map(({ document, unresolved }) => keyOf(document.file, unresolved)));
  const unneeded = documents.flatMap(({ document, unneeded }) =>
    unneeded
      .filter((unresolved) => !isNeeded.has(keyOf(document.file, unresolved)))
      .map((unresolved) => ({ document, unresolved })),
  );
  return [
    ...groups(needed, ({ document, unresolved }) => keyOf(document.file, unresolved)).map((group) =>
      neededFinding(group, (filesOf.get(nameOf(group.first))?.size ?? 1) > 1),
    ),
    ...groups(unneeded, ({ document }) => document.file).map(unneededFinding),
  ];
}

/** Places that are told of together. */
interface Group {
  readonly first: Place;
  readonly all: readonly Place[];
}

function neededFinding({ first, all }: Group, severalFiles: boolean): Finding {
  const { document, unresolved } = first;
  const { placeholder, standIn } = unresolved;
  const origin = document.locate(unresolved.path);
  if (placeholder.helm) {
    return helmFinding(`${placeholder.text}${linesOf(all)} is an expression of Helm's`, origin);
  }
  const setting = settingOf(placeholder.name);
  const inFile = severalFiles
    ? `, or ${fileSettingOf(document.file, placeholder.name)} for this file alone`
    : '';
  return {
    severity: 'error',
    code: 'placeholder-unresolved',
    message:
      `${placeholder.text} has no value${linesOf(all)}` +
      (standIn === undefined ? '' : `; ${standIn} stands in for it`),
    origin,
    remedy: `Give ${setting}${inFile}.`,
  };
}

function unneededFinding({ first, all }: Group): Finding {
  const texts = [...new Set(all.map(({ unresolved }) => unresolved.placeholder.text))];
  return {
    severity: 'note',
    code: 'placeholder-unneeded',
    message: `${listOf(texts)} ${texts.length === 1 ? 'has' : 'have'} no value, and the mesh needs none`,
    origin: first.document.locate(first.unresolved.path),
  };
}

/** Where else it stands, for a person to look at. */
function linesOf(places: readonly Place[]): string {
  const lines = places.map(({ document, unresolved }) => document.locate(unresolved.path).line);
  const others = [...new Set(lines.slice(1))].filter((line) => line !== lines[0]);
  if (others.length === 0) return '';
  return `, here and on ${others.length === 1 ? 'line' : 'lines'} ${listOf(others.map(String))}`;
}

function listOf(texts: readonly string[]): string {
  const shown = texts.length > 6 ? [...texts.slice(0, 5), `${texts.length - 5} more`] : texts;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function groups(places: readonly Place[], keyOfPlace: (place: Place) => string): Group[] {
  const byKey = Map.groupBy(places, keyOfPlace).values();
  return [...byKey].flatMap((all) => all.slice(0, 1).map((first) => ({ first, all })));
}

function nameOf({ unresolved }: Place): string {
  return unresolved.placeholder.name;
}

/** All of Helm's expressions in a file are one finding. */
function keyOf(file: string, { placeholder }: Unresolved): string {
  return JSON.stringify([file, placeholder.helm ? null : placeholder.name]);
}
