/** How the end of an answer's body is found (RFC 9112, 6.3). */
export type Framing =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

/** The head of an answer. */
export interface ResponseHead {
  readonly status: number;
  /** Names in lower case and values in turn. */
  readonly headers: readonly string[];
  readonly framing: Framing;
  /** Whether the connection may serve another request (RFC 9112, 9.3). */
  readonly persistent: boolean;
}

const token = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Bytes that no field value has: controls other than the tab (RFC 9110, 5.5). */
const control = /[^\t\x20-\x7e\x80-\xff]/;
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;

/**
 * Reads the head of an answer, without the empty line that ends it; undefined when it is not one. Strict where two
 * readers could disagree about where the answer ends: one length, no other coding than chunked, never both, no folded
 * line (RFC 9112, 5.2, 6.1 and 6.3).
 * @param text one byte a character
 * @param method of the request: an answer to HEAD has no body
 */
export function parseResponseHead(text: string, method: string): ResponseHead | undefined {
  const status = statusLine.exec(text);
  if (!status) return undefined;
  const headers: string[] = [];
  let length: string | undefined;
  let coding: string | undefined;
  let persistent = status[1] === '1';
  for (let at = text.indexOf('\r\n'); at >= 0; ) {
    const start = at + 2;
    at = text.indexOf('\r\n', start);
    const end = at < 0 ? text.length : at;
    const colon = text.indexOf(':', start);
    if (colon < 0 || colon >= end) return undefined;
    const name = text.slice(start, colon).toLowerCase();
    const value = text.slice(colon + 1, end).trim();
    if (!token.test(name) || control.test(value)) return undefined;
    if (name === 'content-length') {
      if (length !== undefined) return undefined;
      length = value;
    } else if (name === 'transfer-encoding') {
      if (coding !== undefined) return undefined;
      coding = value.toLowerCase();
    } else if (name === 'connection') {
      if (/(?:^|,)\s*close\s*(?:,|$)/i.test(value)) persistent = false;
    }
    headers.push(name, value);
  }
  const code = Number(status[2]);
  const framing = framingOf(code, method, length, coding);
  if (!framing) return undefined;
  return { status: code, headers, framing, persistent: persistent && framing.kind !== 'close' };
}

const none: Framing = { kind: 'length', length: 0 };

function framingOf(
  status: number,
  method: string,
  length: string | undefined,
  coding: string | undefined,
): Framing | undefined {
  if (length !== undefined && (coding !== undefined || !/^\d{1,15}$/.test(length))) return undefined;
  if (coding !== undefined && coding !== 'chunked') return undefined;
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return none;
  if (coding !== undefined) return { kind: 'chunked' };
  return length === undefined ? { kind: 'close' } : { kind: 'length', length: Number(length) };
}
