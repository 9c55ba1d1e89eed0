import type { ErrorEntry } from './entry.ts';

/** What a call of the account's own services meets. */
export const accountErrors = {
  'credentials-missing': {
    message: 'there are no keys to sign requests with',
    remedy: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the task a role.',
  },
  'credentials-unavailable': {
    status: 503,
    message: 'the keys to sign requests with could not be had ({reason})',
    remedy: "Try again soon; check the task's role when it goes on.",
  },
  'secrets-unavailable': {
    status: 503,
    message: 'the secrets cannot be read or changed now ({reason})',
    remedy: 'Try again soon.',
  },
  'signing-unavailable': {
    status: 503,
    message: 'nothing can be signed now ({reason})',
    remedy: 'Try again soon.',
  },
  'tasks-unavailable': {
    status: 503,
    message: 'no task can be run now ({reason})',
    remedy: 'Try again soon.',
  },
} as const satisfies Record<string, ErrorEntry>;
