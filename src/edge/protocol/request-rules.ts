import { protocolLimits } from './limits.ts';

/** A request as its sender put it, before anything is made of it. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** `1.0`, `1.1`, or `2` for a request of HTTP/2. */
  readonly version: string;
  /** Names and values in turn. */
  readonly fields: readonly string[];
}

const bad = 400;

/** A host of RFC 9110, section 4.2, as names and addresses of ours are written; no user, no list. */
const host = /^(?:[\w.~-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i;
/** A length that nobody reads as another: no sign, no leading zero, no list, exact as a number. */
const length = /^(?:0|[1-9]\d{0,14})$/;
/** What no path or query may hold unencoded: control characters, spaces, what is not ASCII, and a fragment. */
const illegal = /[^!-~]|#/;
/** Fields a Connection field may not take away, for they are meant for everyone (RFC 9110, section 7.6.1). */
const everyones =
  /(?:^|[,\s])(?:host|content-[\w-]+|transfer-encoding|authorization|cookie|cache-control|accept[\w-]*|origin|sec-[\w-]+|x-forwarded-[\w-]+)(?=$|[,\s])/i;

/**
 * What Node's strict parser lets through and an intermediary must not pass on, because the next one may read it
 * differently (RFC 9112, section 11.2).
 * @returns the target in origin form, or the status to refuse the request with
 */
export function judgeHead({ method, target, version, fields }: RequestHead): string | number {
  // HTTP/0.9 has no fields to be judged by; what calls itself 2.0 in text is not HTTP/2.
  if (version !== '1.1' && version !== '1.0' && version !== '2') return bad;
  if (target.length > protocolLimits.uriLength) return 414;
  let authority: string | undefined;
  let lengths = 0;
  let codings = 0;
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? '';
    const value = fields[index + 1] ?? '';
    switch (name.length) {
      case 4:
        if (name.toLowerCase() !== 'host') break;
        // Section 3.2: exactly one.
        if (authority !== undefined || !host.test(value)) return bad;
        authority = value;
        break;
      case 10:
        if (name.toLowerCase() === 'connection' && everyones.test(value)) return bad;
        break;
      case 14:
        // Some servers take an underscore for a hyphen.
        if (name.toLowerCase() === 'content_length') return bad;
        if (name.toLowerCase() !== 'content-length') break;
        lengths += 1;
        if (lengths > 1 || !length.test(value)) return bad;
        break;
      case 17:
        if (name.toLowerCase() === 'transfer_encoding') return bad;
        if (name.toLowerCase() !== 'transfer-encoding') break;
        codings += 1;
        // Section 6.1: version 1.0 knows none, and we know one.
        if (codings > 1 || version !== '1.1' || value.toLowerCase() !== 'chunked') return bad;
        break;
      default:
    }
  }
  if (authority === undefined || (lengths > 0 && codings > 0)) return bad;
  return originForm(target, method, authority) ?? bad;
}

/** RFC 9112, section 3.2: the path and query of a target; undefined for one that names no resource of this host. */
function originForm(target: string, method: string, authority: string): string | undefined {
  if (illegal.test(target)) return undefined;
  if (target.charCodeAt(0) === 0x2f) return hasBackslash(target) ? undefined : target;
  if (target === '*') return method === 'OPTIONS' ? target : undefined;
  // Section 3.2.2: a server accepts the absolute form. The Host it came with has to be the same one.
  const form = /^https?:\/\/([^/?]+)(\/[^?]*)?(\?.*)?$/i.exec(target);
  if (form?.[1]?.toLowerCase() !== authority.toLowerCase()) return undefined;
  const path = form[1] === undefined ? undefined : `${form[2] ?? '/'}${form[3] ?? ''}`;
  return path === undefined || hasBackslash(path) ? undefined : path;
}

/** Browsers read a backslash in a path as a slash, servers as a character. */
function hasBackslash(target: string): boolean {
  const backslash = target.indexOf('\\');
  if (backslash < 0) return false;
  const query = target.indexOf('?');
  return query < 0 || backslash < query;
}
