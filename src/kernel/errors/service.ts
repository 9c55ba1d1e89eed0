import type { ErrorEntry } from './entry.ts';

/** What the services answer. */
export const serviceErrors = {
  'environment-invalid': {
    message: '{service} cannot start: {reason}',
    remedy: 'Correct its environment variables and start it again.',
  },
  'request-invalid': {
    status: 400,
    message: 'the request is not valid in {count}',
    remedy: 'Correct what `errors` lists.',
  },
  'body-unreadable': {
    status: 400,
    message: 'the body cannot be read: {reason}',
    remedy: 'Send one JSON object in UTF-8.',
  },
  'body-too-large': {
    status: 413,
    message: 'the body is larger than this service takes',
    remedy: 'Send a smaller one.',
  },
  'content-type-unsupported': {
    status: 415,
    message: 'the body is of a content type that is not understood here',
    remedy: 'Send it as application/json; PATCH also takes application/merge-patch+json.',
  },
  'role-insufficient': {
    status: 403,
    message: 'this request needs the role {role}',
    remedy: 'Use a token of that role.',
  },
  'route-unknown': {
    status: 404,
    message: 'there is nothing at {method} {path}',
    remedy: 'See /api/v1/openapi.json for what there is.',
  },
  'entity-unknown': {
    status: 404,
    message: 'there is no entity {id}',
    remedy: 'Check the id; it may have been deleted.',
  },
  'precondition-failed': {
    status: 412,
    message: 'entity {id} is not at the version the request is conditional on',
    remedy: 'Read it again and repeat the change on what it is now.',
  },
  'idempotency-key-reused': {
    status: 422,
    message: 'the Idempotency-Key was used before with another request',
    remedy: 'Use a new key for a new request.',
  },
  'idempotency-key-in-flight': {
    status: 409,
    message: 'a request with this Idempotency-Key is still being answered',
    remedy: 'Wait a moment and repeat it with the same key.',
  },
  'catalog-unavailable': {
    status: 503,
    message: 'the catalog does not answer',
    remedy: 'Repeat the request after the time in Retry-After.',
  },
  'request-malformed': {
    status: 400,
    message: 'the request cannot be read: {reason}',
    remedy: 'Correct it and send it again.',
  },
  unexpected: {
    status: 500,
    message: 'something went wrong that should not have',
    remedy: "It was logged with this request's trace; repeating the request may help.",
  },
} as const satisfies Record<string, ErrorEntry>;
