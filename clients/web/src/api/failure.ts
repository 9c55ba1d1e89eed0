/** One place of a request that a service did not accept. */
export interface FaultyPart {
  /** JSON pointer as a URI fragment. */
  readonly pointer?: string;
  readonly detail: string;
}

/** Why a call came to nothing. */
export type FailureKind =
  /** The device has no network. */
  | 'offline'
  /** No answer came. */
  | 'unreachable'
  /** No answer came in time. */
  | 'timeout'
  /** Nobody is signed in, or not any more. */
  | 'signed-out'
  /** An answer came, and it is an error. */
  | 'answer';

/** A call that came to nothing, as the queries of the pages throw it. */
export class CallFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number | undefined;
  /** Last part of a problem's `type`. */
  readonly code: string | undefined;
  readonly parts: readonly FaultyPart[];
  /** Milliseconds to wait, where the answer said so. */
  readonly retryAfter: number | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    more: {
      status?: number;
      code?: string;
      parts?: readonly FaultyPart[];
      retryAfter?: number | undefined;
    } = {},
  ) {
    super(message);
    this.name = 'CallFailure';
    this.kind = kind;
    this.status = more.status;
    this.code = more.code;
    this.parts = more.parts ?? [];
    this.retryAfter = more.retryAfter;
  }
}

/** Whether the same call may well work in a moment. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof CallFailure)) return false;
  if (error.kind === 'answer') return (error.status ?? 0) >= 500 || error.status === 429;
  return error.kind !== 'signed-out';
}

/** Whether no answer came at all, so that nobody knows whether the call had an effect. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof CallFailure &&
    (error.kind === 'offline' ||
      error.kind === 'unreachable' ||
      error.kind === 'timeout' ||
      (error.kind === 'answer' && (error.status ?? 0) >= 502))
  );
}

/** Whether an answer of this status came. */
export function isStatus(error: unknown, status: number): error is CallFailure {
  return error instanceof CallFailure && error.status === status;
}

/** What an error says to a reader: what happened, and what to do. */
export function wordsOf(error: unknown): { readonly title: string; readonly text: string } {
  if (!(error instanceof CallFailure)) {
    return { title: 'Something went wrong on this page', text: 'Reload it; what you typed is kept.' };
  }
  switch (error.kind) {
    case 'offline':
      return {
        title: 'You are offline',
        text: 'This was not read before. It will appear when you are back online.',
      };
    case 'unreachable':
      return { title: 'The platform cannot be reached', text: 'It is tried again every few seconds.' };
    case 'timeout':
      return {
        title: 'No answer within 5 seconds',
        text: 'Something behind the edge is slow. It is tried again.',
      };
    case 'signed-out':
      return {
        title: 'Sign in to go on',
        text: 'Nobody is signed in here, or the session has ended. What you typed is kept on this device.',
      };
    case 'answer':
      return answered(error);
  }
}

function answered({ status = 0, message, retryAfter }: CallFailure): { title: string; text: string } {
  const wait = retryAfter === undefined ? 'a moment' : `${Math.ceil(retryAfter / 1_000)} s`;
  switch (status) {
    case 403:
      return { title: 'Your role does not allow this', text: message };
    case 404:
      return { title: 'There is no such entity', text: message };
    case 429:
      return {
        title: 'Too many requests',
        text: `The throttle of this route is reached. Wait ${wait} and try again.`,
      };
    default:
      return status >= 500
        ? { title: 'The platform could not answer', text: `${message} It is tried again every few seconds.` }
        : { title: 'The platform refused this', text: message };
  }
}
