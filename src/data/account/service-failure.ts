/** What cancelled one write of a DynamoDB transaction; `None` when that write was in order. */
export interface CancellationReason {
  readonly Code?: string;
  readonly Message?: string;
}

/** An operation that a service refused: the exception's name without its namespace, and what it says. */
export class ServiceFailure extends Error {
  readonly operation: string;
  readonly status: number;
  readonly type: string;
  /** For a cancelled transaction of DynamoDB: one for each write, in order. */
  readonly reasons: readonly CancellationReason[];

  constructor(
    operation: string,
    status: number,
    type: string,
    message: string,
    reasons: readonly CancellationReason[],
  ) {
    super(`${operation} was answered ${status} ${type}: ${message}`);
    this.name = 'ServiceFailure';
    this.operation = operation;
    this.status = status;
    this.type = type;
    this.reasons = reasons;
  }
}

/**
 * Reads an error answer
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
 */
export function parseFailure(operation: string, status: number, text: string): ServiceFailure {
  let body: { __type?: unknown; message?: unknown; Message?: unknown; CancellationReasons?: unknown } = {};
  try {
    body = Object(JSON.parse(text));
  } catch {
    body = { message: text.slice(0, 200) };
  }
  const type = String(body.__type ?? 'UnknownError').replace(/^.*#/, '');
  const reasons = Array.isArray(body.CancellationReasons) ? body.CancellationReasons : [];
  return new ServiceFailure(operation, status, type, String(body.message ?? body.Message ?? ''), reasons);
}

/** Exceptions that ask for a slower pace or another try. */
const transient: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'LimitExceededException',
  'TransactionInProgressException',
  'InternalServerError',
  'ServiceUnavailable',
]);

/** Whether an operation may succeed when it is sent again: throttled, failed in the server, or never answered. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof ServiceFailure) return error.status >= 500 || transient.has(error.type);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && /^(ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOST|ENET|UND_ERR_)/.test(code);
}
