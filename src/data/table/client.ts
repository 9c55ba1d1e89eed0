import { StrataError } from '../../kernel/errors.ts';
import type { CredentialSource, Credentials } from '../account/credentials.ts';
import { type JsonCall, type JsonService, openJsonService } from '../account/json-service.ts';

/** How the table's server is reached. */
export interface TableClientOptions {
  /** Base address; the region's own when left out. */
  readonly endpoint?: string;
  readonly region: string;
  /** Keys, or where to ask for keys that change. */
  readonly credentials: Credentials | CredentialSource;
  /** Connections at most. */
  readonly connections?: number;
  /** Milliseconds a try may take. */
  readonly timeout?: number;
  /** Tries at most, the first included. */
  readonly tries?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Sends one operation. @throws ServiceFailure when it is refused, StrataError `table-unavailable` when it cannot be done now */
export type TableCall = JsonCall;

/** A signed client of DynamoDB. */
export type TableClient = JsonService;

/**
 * Opens a client of DynamoDB
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html). Every operation the
 * table sends may be repeated, because its writes are conditional on version.
 */
export function openTableClient({ credentials, ...options }: TableClientOptions): TableClient {
  return openJsonService({
    ...options,
    service: 'dynamodb',
    target: 'DynamoDB_20120810',
    protocol: '1.0',
    credentials: typeof credentials === 'function' ? credentials : async () => credentials,
    unavailable: (reason, cause) => new StrataError('table-unavailable', { reason }, { cause }),
  });
}
