import { z } from 'zod';
import { StrataError } from '../../kernel/errors.ts';

const timeout = 10_000;

const success = z.object({
  AuthenticationResult: z.object({
    AccessToken: z.string(),
    IdToken: z.string(),
    RefreshToken: z.string().optional(),
    ExpiresIn: z.number(),
  }),
});
const failure = z.object({ __type: z.string(), message: z.string() });

/** Tokens of one sign-in; `expiresIn` is in seconds. */
export interface SignInResult {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken?: string;
  readonly expiresIn: number;
}

/**
 * Signs in with a name and a password through Cognito's InitiateAuth: works against the local pool and the real one.
 * @param endpoint base URL, such as http://127.0.0.1:8083 or https://cognito-idp.us-west-2.amazonaws.com
 * @throws StrataError `sign-in-refused` with the service's own sentence, `sign-in-unreachable` without an answer.
 */
export async function signInWithPassword({
  endpoint,
  clientId,
  username,
  password,
}: {
  endpoint: string;
  clientId: string;
  username: string;
  password: string;
}): Promise<SignInResult> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
      signal: AbortSignal.timeout(timeout),
    });
    body = await response.json();
  } catch (cause) {
    throw new StrataError('sign-in-unreachable', { endpoint }, { cause });
  }
  const result = success.safeParse(body);
  if (response.ok && result.success) {
    const { AccessToken, IdToken, RefreshToken, ExpiresIn } = result.data.AuthenticationResult;
    return {
      accessToken: AccessToken,
      idToken: IdToken,
      expiresIn: ExpiresIn,
      ...(RefreshToken === undefined ? {} : { refreshToken: RefreshToken }),
    };
  }
  const reason = failure.safeParse(body).data?.message ?? `status ${response.status}`;
  throw new StrataError('sign-in-refused', { username, reason });
}
