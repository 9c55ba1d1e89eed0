/** A user as the configuration gives one; the password is hashed before it is stored. */
export interface UserConfiguration {
  readonly username: string;
  readonly password: string;
  /** Roles are groups: reader, editor, admin. */
  readonly groups: readonly string[];
  /** An address of the reserved domain example.com when left out. */
  readonly email?: string;
}

/** An app client that people sign in through, with the authorization code flow. */
export interface ClientConfiguration {
  /** Where a code may be sent: compared exactly, as Cognito does. */
  readonly redirectUris: readonly string[];
  /** Where sign-out may lead. */
  readonly logoutUris?: readonly string[];
  /** How long its access tokens are good for, in seconds; an hour when left out. */
  readonly accessTokenLifetime?: number;
  /** How long one sign-in lasts, in seconds; 30 days when left out. */
  readonly refreshTokenLifetime?: number;
  /** How long a refresh token is good for after its rotation, in seconds; not at all when left out. */
  readonly refreshTokenGrace?: number;
}

/** What the user pool needs to run; a later one replaces users and clients without a restart. */
export interface IdentityConfiguration {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Absolute path of a folder of its own: keys, users, sessions and refresh tokens. */
  readonly stateDirectory: string;
  readonly region: string;
  /** By client id, such as `clientIds.web`; the command line's client is always there. */
  readonly clients: Readonly<Record<string, ClientConfiguration>>;
  readonly users: readonly UserConfiguration[];
  /** What the sign-in page tells who does not know a name and a password. */
  readonly hint?: string;
}

/** The app clients of the platform. All are public: they have no secret and prove themselves with PKCE. */
export const clientIds = { web: 'web', mobile: 'mobile', commandLine: 'cli' } as const;

/** The pool's id in Cognito's form, `<region>_<name>`. */
export function poolIdOf(region: string): string {
  return `${region}_strata`;
}

/** Where the pool answers: the sign-in pages' and the JSON API's base URL. */
export function endpointOf({ port }: { readonly port: number }): string {
  return `http://127.0.0.1:${port}`;
}

/** The `iss` of every token: host and pool id, as Cognito has it. */
export function issuerOf(configuration: { readonly port: number; readonly region: string }): string {
  return `${endpointOf(configuration)}/${poolIdOf(configuration.region)}`;
}

/** Where the public keys are: below the issuer. */
export function keySetUrlOf(configuration: { readonly port: number; readonly region: string }): string {
  return `${issuerOf(configuration)}/.well-known/jwks.json`;
}
