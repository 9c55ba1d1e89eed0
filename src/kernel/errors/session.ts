import type { ErrorEntry } from './entry.ts';

/** What sign-in, sessions and reports of browsers answer. */
export const sessionErrors = {
  'report-invalid': {
    status: 400,
    message: 'the body holds no reports',
    remedy: 'Send what https://www.w3.org/TR/reporting-1/ or a report-uri of CSP describes.',
  },
  'report-type-unsupported': {
    status: 415,
    message: 'reports are not taken in this content type',
    remedy: 'Send them as application/reports+json or application/csp-report.',
  },
  'sign-in-refused': {
    status: 401,
    message: '{username} could not sign in: {reason}',
    remedy: 'Check the name and the password, or wait until the lockout has ended.',
  },
  'session-missing': {
    status: 401,
    message: 'nobody is signed in here, or not any more',
    remedy: 'Refresh the session, or sign in.',
  },
  'session-ended': {
    status: 401,
    message: 'the session has ended',
    remedy: 'Sign in again.',
  },
  'session-unknown': {
    status: 404,
    message: 'there is no such session of yours',
    remedy: 'See /session/list for those there are.',
  },
  'session-unavailable': {
    status: 503,
    message: 'sessions cannot be looked after now',
    remedy: 'Repeat the request after the time in Retry-After; nobody was signed out.',
  },
  'cross-site': {
    status: 403,
    message: 'the request does not come from a page of this site',
    remedy: 'Send it from there.',
  },
  'return-invalid': {
    status: 400,
    message: 'return is no path of this site',
    remedy: "Give one that begins with a single '/'.",
  },
  'method-unsupported': {
    status: 405,
    message: '{method} is not for {path}',
    remedy: 'Use what Allow lists.',
  },
  'sign-in-unreachable': {
    status: 503,
    message: 'the user pool at {endpoint} does not answer',
    remedy: 'Start the platform with strata up.',
  },
} as const satisfies Record<string, ErrorEntry>;
