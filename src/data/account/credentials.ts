import { StrataError } from '../../kernel/errors.ts';

/** Keys that sign requests; the session token belongs to temporary ones. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Gives the keys that are good now. @throws StrataError `credentials-unavailable` */
export type CredentialSource = () => Promise<Credentials>;

/** A process's environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Keys as a container's endpoint hands them out, and when they end (milliseconds since the epoch). */
interface Lease {
  readonly credentials: Credentials;
  readonly expiration: number;
}

/** The address a task's own keys are at (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html). */
const taskEndpoint = 'http://169.254.170.2';
/** Milliseconds an answer may take; the endpoint is on the same machine. */
const timeout = 1000;
/** Milliseconds before their end from which keys are replaced; requests they signed may still be under way. */
const margin = 5 * 60_000;

/**
 * Where a process has its keys from, in the order of the vendor's own libraries: fixed ones in its environment, or
 * the endpoint of its container, whose keys are temporary and fetched again before they end
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
 * @throws StrataError `credentials-missing` when the environment names neither
 */
export function credentialSource(variables: Variables, now: () => number = Date.now): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (accessKeyId && secretAccessKey) {
    const sessionToken = variables.AWS_SESSION_TOKEN;
    const fixed = { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
    return async () => fixed;
  }
  const relative = variables.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  const address = relative ? `${taskEndpoint}${relative}` : variables.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (!address) throw new StrataError('credentials-missing');
  return renewed(() => fetchLease(address, variables.AWS_CONTAINER_AUTHORIZATION_TOKEN), now);
}

/** Keeps what was fetched until shortly before its end; one fetch at a time, and a failed one is no harm before that. */
function renewed(fetchNext: () => Promise<Lease>, now: () => number): CredentialSource {
  let lease: Lease | undefined;
  let fetching: Promise<Lease> | undefined;
  return async () => {
    if (lease && now() < lease.expiration - margin) return lease.credentials;
    fetching ??= fetchNext().finally(() => {
      fetching = undefined;
    });
    try {
      lease = await fetching;
    } catch (error) {
      if (lease === undefined || now() >= lease.expiration) throw error;
    }
    return lease.credentials;
  };
}

async function fetchLease(address: string, token: string | undefined): Promise<Lease> {
  try {
    const answer = await fetch(address, {
      headers: token ? { authorization: token } : {},
      signal: AbortSignal.timeout(timeout),
    });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return leaseOf(await answer.json());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StrataError('credentials-unavailable', { reason }, { cause: error });
  }
}

function leaseOf(answer: unknown): Lease {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = Object(answer) as Record<string, unknown>;
  const expiration = Date.parse(String(Expiration));
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string' || Number.isNaN(expiration)) {
    throw new Error('what it answered are no keys');
  }
  const sessionToken = typeof Token === 'string' ? { sessionToken: Token } : {};
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, ...sessionToken },
    expiration,
  };
}
