import type { ErrorEntry } from './entry.ts';

/** What the stores meet. */
export const storeErrors = {
  'cursor-invalid': {
    status: 400,
    message: 'the cursor is not one that a page named',
    remedy: 'Ask for the first page again, without a cursor.',
  },
  'table-unavailable': {
    status: 503,
    message: 'the table does not answer ({reason})',
    remedy: 'Try again soon; changes are applied at most once by their version.',
  },
  'database-unavailable': {
    status: 503,
    message: 'the database does not answer ({reason})',
    remedy: 'Try again soon; a change that was not acknowledged may have been made or not.',
  },
  'database-schema-changed': {
    message: 'migration {name} is not the one this database has applied',
    remedy: 'Applied migrations never change: restore it and add a new one, or run strata reset.',
  },
  'database-schema-newer': {
    message: 'the database has {applied} migrations, this version of Strata knows {known}',
    remedy: 'Use the version of Strata that made the database, or run strata reset.',
  },
  'file-unreadable': {
    message: '{path} cannot be read ({reason})',
    remedy: 'Give a file of one JSON object a line.',
  },
} as const satisfies Record<string, ErrorEntry>;
