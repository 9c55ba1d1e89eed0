import { type CredentialSource, credentialSource, type Variables } from './credentials.ts';
import { cachePassword, databasePassword, type PasswordSource } from './password.ts';

/** The addresses of a task's stores. */
export interface StoreAddresses {
  readonly database: string;
  /** The name is the cache's in the account; a cache with a password has no need of it. */
  readonly cache: { readonly url: string; readonly name: string | undefined };
  readonly region: string;
  /** The process's environment, for its keys. */
  readonly variables: Variables;
}

/** Where the passwords of a task's stores come from; undefined where an address has its own. */
export interface StorePasswords {
  readonly database: PasswordSource | undefined;
  readonly cache: PasswordSource | undefined;
}

/**
 * An address with a user and no password signs in by IAM, with the task's own keys.
 * @throws StrataError `credentials-missing` when there are none
 */
export function storePasswords({ database, cache, region, variables }: StoreAddresses): StorePasswords {
  let source: CredentialSource | undefined;
  const credentials = () => {
    source ??= credentialSource(variables);
    return source();
  };
  const [databaseUrl, cacheUrl] = [new URL(database), new URL(cache.url)];
  return {
    database: signsIn(databaseUrl)
      ? databasePassword({
          host: databaseUrl.hostname,
          port: Number(databaseUrl.port || 5432),
          user: decodeURIComponent(databaseUrl.username),
          region,
          credentials,
        })
      : undefined,
    cache:
      signsIn(cacheUrl) && cache.name !== undefined
        ? cachePassword({
            cache: cache.name,
            user: decodeURIComponent(cacheUrl.username),
            region,
            credentials,
          })
        : undefined,
  };
}

function signsIn({ username, password }: URL): boolean {
  return username !== '' && password === '';
}
