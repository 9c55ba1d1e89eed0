/** A connection that was lost, or could not be had, where the driver gives no code of its own. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_LOST';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'the connection was lost', { cause });
  }
}

/** The code of an error of the database (SQLSTATE), the system or this module. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** serialization_failure, deadlock_detected (PostgreSQL, appendix A): the same transaction may succeed when repeated. */
export function isLostRace(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

const connectionErrors = new Set([
  'CONNECTION_LOST',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/**
 * Whether an error means that the database cannot serve now: a lost connection, or of SQLSTATE (PostgreSQL, appendix A)
 * class 08 connection, 28 sign-in (a password that changes may be late), 40 lost races, 53 resources, 57 operator
 * intervention (also a timeout), 58 system, 25006 read-only, 25P03 idle transaction, 55P03 lock timeout.
 */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  return connectionErrors.has(code) || /^(08...|28...|40...|53...|57...|58...|25006|25P03|55P03)$/.test(code);
}

/** SQLSTATE class 22 data exception, 23 constraint violation, 54 program limit exceeded: the data cannot be stored. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^(22|23|54)...$/.test(codeOf(error) ?? '');
}
