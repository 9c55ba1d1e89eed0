import { Composer, type Document, Lexer, type LineCounter, type ParsedNode, Parser } from 'yaml';
import { importLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

/**
 * Parses a YAML or JSON text within the limits; `lines` learns where its lines start.
 * @throws {Refusal} for a text that is no YAML, or too deep, too long, or of too many documents
 */
export function yamlDocuments(text: string, lines: LineCounter): readonly Document.Parsed<ParsedNode>[] {
  const documents: Document.Parsed<ParsedNode>[] = [];
  for (const document of composer().compose(boundedTokens(text, lines))) {
    const [error] = document.errors;
    if (error) throw unreadable(error.message, error.pos[0]);
    if (documents.length === importLimits.documents) {
      throw new Refusal(
        'too-many-documents',
        `the file holds more than ${importLimits.documents} documents`,
        document.range[0],
      );
    }
    documents.push(document);
  }
  return documents;
}

/**
 * A composer that ends with its first error. By itself it makes an object with a stack of each, which takes seconds
 * and gigabytes for a text that is wrong everywhere; and so it does with a warning of each tag it does not know.
 */
function composer(): Composer {
  let first: Refusal | undefined;
  const onError = (place: ErrorPlace, _code: string, message: string, warning?: boolean) => {
    if (warning) return;
    // What is thrown comes back here once a level, as an error of that level.
    first ??= unreadable(message, offsetOf(place));
    throw first;
  };
  const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const;
  return Object.assign(new Composer(options), { onError });
}

type ErrorPlace = number | readonly number[] | { readonly offset: number };

function offsetOf(place: ErrorPlace): number {
  if (typeof place === 'number') return place;
  return 'offset' in place ? place.offset : (place[0] ?? 0);
}

/** The parser keeps a stack of its own, so what is nested too deep ends here, before anything recursive sees it. */
function* boundedTokens(text: string, lines: LineCounter) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    tokens += 1;
    if (tokens > importLimits.tokens) {
      throw new Refusal(
        'too-many-values',
        `the file holds more than ${importLimits.tokens} words and signs`,
        parser.offset,
      );
    }
    if (parser.stack.length > importLimits.nesting) {
      throw new Refusal(
        'nested-too-deep',
        `this is nested more than ${importLimits.nesting} levels deep`,
        parser.offset,
      );
    }
  }
  yield* parser.end();
}

function unreadable(message: string, offset: number): Refusal {
  const first = (message.split('\n')[0] ?? '').replace(/[.:]$/, '');
  const sentence = first.charAt(0).toLowerCase() + first.slice(1);
  return new Refusal('document-unreadable', `this is neither YAML nor JSON: ${sentence}`, offset);
}
