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
    message: 'blueprint: blueprint.ts has {count} to correct',
    remedy: 'Correct the places listed above and run the command again; nothing was started.',
  },
  'blueprint-unreadable': {
    message: 'blueprint: blueprint.ts could not be loaded ({reason})',
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
    message: 'supervisor: the platform is not running',
    remedy: 'Start it with strata up.',
  },
  'still-running': {
    message: 'supervisor: the platform is running (pid {pid})',
    remedy: 'Stop it with strata down first.',
  },
  'authority-missing': {
    message: 'trust: the certificate of the pages has not been made yet',
    remedy: 'Run strata up once; it makes it.',
  },
  'stopped-early': {
    message: '{component}: was stopped before it was ready',
    remedy: 'Run strata up again.',
  },
  'supervisor-ended': {
    message: 'supervisor: ended before it was done ({reason})',
    remedy: 'See strata logs supervisor, then run strata up again.',
  },
  'port-base-differs': {
    message: 'supervisor: the platform is running on port base {running}, not {asked}',
    remedy: 'Stop it with strata down first, or leave --port-base out.',
  },
  'child-failed': {
    message: '{component}: {reason}',
    remedy: 'See strata logs {component}.',
  },
  usage: {
    message: '{reason}',
    remedy: 'See strata help.',
  },
  'mesh-empty': {
    message: 'mesh: nothing of App Mesh in {count}',
    remedy:
      'Give CloudFormation templates, AWS CLI specifications or Kubernetes resources, or folders of them.',
  },
  'mesh-several': {
    message: 'mesh: the documents hold several meshes ({names}), and a blueprint has one',
    remedy: 'Add --mesh NAME, or give the documents of one.',
  },
  'mesh-unknown': {
    message: 'mesh: the documents hold no mesh {name}; there is {names}',
    remedy: 'Correct --mesh, or leave it out.',
  },
  'mesh-unresolved': {
    message: 'mesh: {count} could not be resolved',
    remedy: 'Do what is said above for each, or add --allow-partial to go on without; nothing was written.',
  },
  'mesh-certificate-elsewhere': {
    message: 'mesh: {proxy} needs {name}, which is not to be had on this machine',
    remedy: 'Name files in its place, or leave certificates to the platform with mutualTls: true.',
  },
  'mesh-rejected': {
    message: 'mesh: Envoy does not accept the configuration of {name} ({reason})',
    remedy: 'Nothing was written.',
  },
  'folder-occupied': {
    message: 'mesh: {path} holds {name}, which this command did not write',
    remedy: 'Give a new or an empty folder.',
  },
  'output-unwritable': {
    message: 'mesh: {path} cannot be written ({reason})',
    remedy: 'Give a folder you may write to.',
  },
  // Deployment
  'account-credentials-missing': {
    message: 'account: there are no credentials',
    remedy: 'Run aws configure or aws sso login, or set AWS_PROFILE, and run the command again.',
  },
  'account-credentials-expired': {
    message: 'account: the credentials have expired',
    remedy: 'Run aws sso login, or however you got them, and run the command again.',
  },
  'account-credentials-refused': {
    message: 'account: the credentials are not accepted in {region} ({reason})',
    remedy:
      'Check them with aws sts get-caller-identity --region {region}; a newer region has to be enabled first.',
  },
  'account-forbidden': {
    message: 'account: the credentials may not do this ({reason})',
    remedy: 'Use a role that may deploy with the CDK, and run the command again.',
  },
  'account-other': {
    message: 'account: {reason}',
    remedy: 'Use credentials of the account that was asked for, or leave --account out.',
  },
  'region-unreachable': {
    message: 'account: nothing answers at {host} ({reason})',
    remedy: 'Check the region in blueprint.ts and the network, and run the command again.',
  },
  'distribution-unknown': {
    message: 'account: of the distributions of {name} there should be one ({found} found)',
    remedy:
      'Run strata deploy first; where there are several, name one to aws cloudfront create-invalidation.',
  },
  'bootstrap-missing': {
    message: 'account: {region} is not prepared for deployments',
    remedy: 'Run strata deploy --bootstrap, once for an account and its regions.',
  },
  'container-engine-missing': {
    message: 'images: {engine} does not answer, and the images are built with it',
    remedy: 'Start it, or set CDK_DOCKER to another such as podman or finch.',
  },
  'image-failed': {
    message: 'images: one could not be built or pushed ({reason})',
    remedy: 'Correct it and run strata deploy again.',
  },
  'stack-busy': {
    message: '{stack}: something else is changing it ({status})',
    remedy: 'It goes on by itself after an interruption: run {again} again when it is over.',
  },
  'stack-stuck': {
    message: '{stack}: is in the state {status} and takes no changes',
    remedy: 'Run {command}, then {again} again.',
  },
  'stack-protected': {
    message: '{stack}: is protected from deletion',
    remedy: 'It holds data: run strata destroy --delete-data if that is to go.',
  },
  'quota-exceeded': {
    message: '{stack}: {resource} exceeds a quota of the account ({reason})',
    remedy: 'Ask for more at https://console.aws.amazon.com/servicequotas, then run strata deploy again.',
  },
  'deployment-failed': {
    message: '{stack}: {reason}',
    remedy: 'The stack is as it was before. Correct the cause and run strata deploy again.',
  },
  'removal-failed': {
    message: '{stack}: {reason}',
    remedy: 'What is gone stays gone. Correct the cause and run strata destroy again, as you did.',
  },
  'deployment-interrupted': {
    message: 'deployment: interrupted; the account finishes by itself the stack it was at',
    remedy: 'Run strata deploy again: it goes on from there.',
  },
  'removal-interrupted': {
    message: 'destroy: interrupted; the account finishes by itself the stack it was at',
    remedy: 'Run strata destroy again, as you did: it goes on from there.',
  },
  'destroy-unconfirmed': {
    message: 'destroy: nothing was removed, because the name {name} was not typed',
    remedy: 'Run the command again and type it.',
  },
  // Services
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
  // Account
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
  // Entity table
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
  // Relational store
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
  // Reports of browsers
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
  // Sign-in
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
