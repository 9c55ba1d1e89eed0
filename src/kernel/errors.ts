import { accountErrors } from './errors/account.ts';
import { deploymentErrors } from './errors/deployment.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { meshErrors } from './errors/mesh.ts';
import { platformErrors } from './errors/platform.ts';
import { serviceErrors } from './errors/service.ts';
import { sessionErrors } from './errors/session.ts';
import { storeErrors } from './errors/store.ts';

/**
 * Every error a person can meet, by its stable code. Codes are never reused or renamed;
 * services use them as the last part of a problem's `type` (RFC 9457, section 3.1.1).
 */
export const errorTable = {
  ...platformErrors,
  ...meshErrors,
  ...deploymentErrors,
  ...serviceErrors,
  ...accountErrors,
  ...storeErrors,
  ...sessionErrors,
} as const satisfies Record<string, ErrorEntry>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorTable;

/** An error as a value: code, sentence, remedy, and the parameters that made the sentence. */
export class StrataError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly parameters: Readonly<Record<string, string | number>>;

  constructor(code: ErrorCode, parameters: Record<string, string | number> = {}, options?: ErrorOptions) {
    super(fill(errorTable[code].message, parameters), options);
    this.name = 'StrataError';
    this.code = code;
    this.remedy = fill(errorTable[code].remedy, parameters);
    this.parameters = parameters;
  }

  /** HTTP status of an error that answers a request; 500 where the table names none. */
  get status(): number {
    const entry: ErrorEntry = errorTable[this.code];
    return entry.status ?? 500;
  }

  /** The one line the command line prints. */
  get line(): string {
    return `${this.message}. ${this.remedy}`;
  }
}

function fill(template: string, parameters: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
