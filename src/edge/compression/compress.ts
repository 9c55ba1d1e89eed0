import { pipeline, type Readable } from 'node:stream';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { isStrong } from '../cache/entity-tag.ts';
import { type FieldLines, fieldValue, linesOf, membersOf, replaceField } from '../cache/fields.ts';
import type { Fetch, OriginAnswer } from '../cache/message.ts';
import { isCompressible } from './compressible.ts';
import { type Coding, negotiate } from './negotiation.ts';

/**
 * Puts compression between a cache and its origin: what the cache stores is compressed already, apart by coding
 * through Vary. Give it requests whose Accept-Encoding is folded.
 */
export function compressing(fetch: Fetch): Fetch {
  return async (request) => {
    const answer = await fetch(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer;
    if (answer.status === 304)
      return { ...answer, headers: revalidatedFields(answer.headers, request.headers) };
    if (!isCompressible(answer)) return answer;
    const varied = { ...answer, headers: withVary(answer.headers) };
    const coding = negotiate(request.headers);
    // A part of the compressed bytes is another than of the plain ones.
    if (coding === undefined || fieldValue(request.headers, 'range') !== undefined) return varied;
    return compressed(varied, coding, request.method === 'HEAD');
  };
}

function compressed(
  { status, reason, headers, body }: OriginAnswer,
  coding: Coding,
  head: boolean,
): OriginAnswer {
  const coded = replaceField(replaceField(headers, 'content-length', undefined), 'content-encoding', coding);
  const answer = { status, reason, headers: withWeakTag(replaceField(coded, 'accept-ranges', undefined)) };
  return {
    ...answer,
    body: head ? body : compressedBody(body, coding, Number(fieldValue(headers, 'content-length'))),
  };
}

/** Speed over size: an answer waits for it once. */
function compressedBody(body: Readable, coding: Coding, size: number): Readable {
  const compressor =
    coding === 'br'
      ? createBrotliCompress({
          params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: size },
        })
      : createGzip({ level: 6 });
  // Its reader sees an error as the end of the stream.
  return pipeline(body, compressor, () => {});
}

/** Other bytes of the same meaning: only weakly the same (RFC 9110, section 8.8.1). */
function withWeakTag(headers: FieldLines): string[] {
  const tag = fieldValue(headers, 'etag');
  return replaceField(headers, 'etag', isStrong(tag) ? `W/${tag}` : tag);
}

function withVary(headers: FieldLines): string[] {
  const names = membersOf(linesOf(headers, 'vary'));
  const said = names.some((name) => name === '*' || name.toLowerCase() === 'accept-encoding');
  return said ? [...headers] : replaceField(headers, 'vary', [...names, 'Accept-Encoding'].join(', '));
}

/** A 304 for what is stored compressed names the plain bytes' tag: the stored one stays weak. */
function revalidatedFields(headers: FieldLines, requestHeaders: FieldLines): FieldLines {
  const tag = fieldValue(headers, 'etag');
  const asked = fieldValue(requestHeaders, 'if-none-match') ?? '';
  return isStrong(tag) && asked.includes(`W/${tag}`) ? withWeakTag(withVary(headers)) : headers;
}
