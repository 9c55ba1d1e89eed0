import { LineCounter } from 'yaml';
import type { Finding, Locate, Origin } from './found-resource.ts';
import { importLimits } from './limits.ts';
import { hasPlaceholderBraces, hidePlaceholderBraces, showPlaceholderBraces } from './placeholder-braces.ts';
import { helmFinding, isHelmTemplate } from './placeholders/helm.ts';
import { plainData } from './plain-data.ts';
import { Refusal } from './refusal.ts';
import { yamlDocuments } from './yaml.ts';

/** A file somebody gave, as text. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** Whether nobody named it: it was found in a folder, and may be anything. */
  readonly incidental?: boolean;
}

/** One document of a file: YAML, or JSON, which is read as YAML so that every line is known. */
export interface SourceDocument {
  readonly file: string;
  /**
   * Plain data. CloudFormation's short tags stand in their long form: `!Ref X` is `{ Ref: 'X' }`, `!GetAtt A.B` is
   * `{ 'Fn::GetAtt': 'A.B' }`. Objects may be shared, as aliases share them; there is no cycle.
   */
  readonly value: unknown;
  readonly locate: Locate;
  /** Whether a scalar stands at a path without quotes, so that a placeholder there may stand for a number. */
  readonly unquoted: (path: readonly PropertyKey[]) => boolean;
}

/** What a file holds, and what is wrong with it. */
export interface SourceReading {
  readonly documents: readonly SourceDocument[];
  readonly findings: readonly Finding[];
}

/**
 * Reads a file's documents within the limits. A file with an error yields no document, only a finding; nothing is
 * thrown, whatever the text.
 */
export function readSource(source: SourceFile): SourceReading {
  const unfit = unfitReason(source.text);
  if (unfit) return refused(unfit, { file: source.file, line: 1, path: '' });
  const text = source.text.replace(/^\uFEFF/, '');
  const read = readText(source.file, text);
  if (read.findings.length === 0 || !hasPlaceholderBraces(text)) return read;
  const again = readText(source.file, hidePlaceholderBraces(text), showPlaceholderBraces);
  if (again.findings.length === 0) return again;
  if (!isHelmTemplate(source.text)) return read;
  const findings = read.findings.map(({ origin }) => helmFinding("this is a template of Helm's", origin));
  return { documents: [], findings };
}

function readText(file: string, text: string, show?: (text: string) => string): SourceReading {
  const lines = new LineCounter();
  const originOf = (offset: number, path = ''): Origin => ({ file, line: lineAt(lines, offset), path });
  try {
    const budget = { values: importLimits.values };
    const documents = yamlDocuments(text, lines).map(({ contents }) => {
      const { value, locate, unquoted } = plainData(contents, budget, show);
      const place: Locate = (path) => {
        const found = locate(path);
        return originOf(found.offset, found.path);
      };
      return { file, value, locate: place, unquoted };
    });
    return { documents: documents.filter(({ value }) => value !== null), findings: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const earlier = error.earlier === undefined ? undefined : lineAt(lines, error.earlier);
    return refused(error, originOf(error.offset), earlier);
  }
}

function refused(
  { code, message }: { readonly code: string; readonly message: string },
  origin: Origin,
  earlierLine?: number,
): SourceReading {
  const first = earlierLine === undefined ? '' : `, first on line ${earlierLine}`;
  return { documents: [], findings: [{ severity: 'error', code, message: message + first, origin }] };
}

function unfitReason(text: string): { code: string; message: string } | undefined {
  if (text.length > importLimits.fileBytes) {
    return {
      code: 'file-too-large',
      message: `the file is larger than ${importLimits.fileBytes / 1024 / 1024} MiB`,
    };
  }
  return holdsControlCharacters(text)
    ? { code: 'file-not-text', message: 'the file holds binary data, not text in UTF-8' }
    : undefined;
}

/** Characters that YAML does not allow: https://yaml.org/spec/1.2.2/#51-character-set */
function holdsControlCharacters(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}
