import { type ErrorCode, StrataError } from '../../src/kernel/errors.ts';

/** One part of a request that is not valid, and where it stands. */
export interface InvalidPart {
  /** Place in the body: a JSON pointer as a URI fragment (RFC 6901, section 6). */
  readonly pointer?: string;
  /** Name of a query or path parameter. */
  readonly parameter?: string;
  /** Name of a header field. */
  readonly header?: string;
  readonly detail: string;
}

/** An error as services answer it (RFC 9457), as `application/problem+json`. */
export interface Problem {
  /** Stable: `urn:strata:problem:` and the error's code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly InvalidPart[];
}

/** A request with parts that are not valid. All of them are listed. */
export class InvalidRequest extends StrataError {
  readonly parts: readonly InvalidPart[];

  constructor(parts: readonly InvalidPart[]) {
    super('request-invalid', { count: parts.length === 1 ? 'one place' : `${parts.length} places` });
    this.parts = parts;
  }
}

/** What the problem of an error says; an error that is not meant for callers becomes `unexpected` and says nothing else. */
export function problemOf(error: unknown): Problem {
  const known = knownError(error);
  return {
    type: `urn:strata:problem:${known.code}`,
    title: titleOf(known.code),
    status: known.status,
    detail: `${sentence(known.message)} ${known.remedy}`,
    ...(known instanceof InvalidRequest ? { errors: known.parts } : {}),
  };
}

/** The error of the table that an error stands for; the framework's own are translated. */
function knownError(error: unknown): StrataError {
  if (error instanceof StrataError) return error.status < 600 ? error : new StrataError('unexpected');
  if (!(error instanceof Error)) return new StrataError('unexpected');
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new StrataError('content-type-unsupported');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new StrataError('body-too-large');
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
    return new StrataError('body-unreadable', { reason: 'its length is not what Content-Length says' });
  }
  if (code === 'FST_ERR_BAD_URL') {
    return new StrataError('request-malformed', { reason: 'its path is not properly percent-encoded' });
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new StrataError('request-malformed', { reason: error.message });
  }
  return new StrataError('unexpected');
}

function titleOf(code: ErrorCode): string {
  return sentence(code.replaceAll('-', ' '), '');
}

function sentence(text: string, end = '.'): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
