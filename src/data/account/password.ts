import aws4 from 'aws4';
import type { CredentialSource, Credentials } from './credentials.ts';

/** Gives the password a connection that is opened now needs. */
export type PasswordSource = () => Promise<string>;

/** Seconds a password may be used after it was made: the longest that both services take. */
const validity = 900;

/** What is connected to, as whom. */
interface PasswordOptions {
  readonly region: string;
  readonly credentials: CredentialSource;
  readonly user: string;
}

/**
 * The password of a database user that signs in by IAM: a signed request to connect, good for 15 minutes
 * (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.html).
 */
export function databasePassword({
  host,
  port,
  ...options
}: PasswordOptions & { readonly host: string; readonly port: number }): PasswordSource {
  const query = { Action: 'connect', DBUser: options.user };
  return passwordOf('rds-db', `${host}:${port}`, query, options);
}

/**
 * The password of a cache user that signs in by IAM, good for 15 minutes; the connection ends by itself after twelve
 * hours (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html).
 * @param cache the serverless cache's name
 */
export function cachePassword({
  cache,
  ...options
}: PasswordOptions & { readonly cache: string }): PasswordSource {
  const query = { Action: 'connect', ResourceType: 'ServerlessCache', User: options.user };
  return passwordOf('elasticache', cache, query, options);
}

function passwordOf(
  service: string,
  host: string,
  query: Readonly<Record<string, string>>,
  { region, credentials }: PasswordOptions,
): PasswordSource {
  return async () => presigned(service, host, query, region, await credentials());
}

/** A request of nothing but its query, signed there (signature version 4), without its scheme. */
function presigned(
  service: string,
  host: string,
  query: Readonly<Record<string, string>>,
  region: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): string {
  const parameters = new URLSearchParams({ ...query, 'X-Amz-Expires': String(validity) });
  const request = aws4.sign(
    { service, region, host, method: 'GET', path: `/?${parameters}`, signQuery: true },
    { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  );
  return `${host}${request.path}`;
}
