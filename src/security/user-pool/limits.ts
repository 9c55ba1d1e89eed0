const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Lifetimes in seconds: Cognito's defaults.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
 */
export const lifetimes = {
  accessToken: hour,
  idToken: hour,
  refreshToken: 30 * day,
  authorizationCode: 5 * minute,
  /** The sign-in page's own cookie. */
  session: hour,
  /** From the first redirect to the submitted password. */
  interaction: 10 * minute,
  /** A signing key's term; Cognito rotates without notice too. */
  signingKey: 90 * day,
  /** What a verifier's clock may be off by. */
  clockTolerance: 5 * minute,
} as const;

/**
 * Seconds a refresh token of the web client is good for after its rotation, at most what Cognito allows. Such tokens
 * never leave our function: what the grace is for is a function that was stopped before it could keep the new one.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
 */
export const refreshTokenGrace = 60;

/** Finite limits of the server. Sizes in bytes, times in milliseconds. */
export const limits = {
  /** A form or an API call. */
  bodySize: 16 * 1024,
  headerSize: 16 * 1024,
  connections: 1000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  /** From SIGTERM to the end of the last connection. */
  drainTimeout: 5000,
  /** Password checks at one time; each takes 16 MiB and a thread. */
  passwordChecks: 16,
  /** Sessions, codes, grants and refresh tokens kept. */
  entries: 100_000,
  /** Names whose failed attempts are remembered. */
  trackedNames: 10_000,
  /** Cognito's own. */
  usernameLength: 128,
  passwordLength: 256,
} as const;
