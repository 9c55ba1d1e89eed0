import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import type { AppClient, AuthFlow } from './clients.ts';
import { answer, type Exchange, readBody } from './exchange.ts';
import { lifetimes } from './limits.ts';
import type { AttemptSignIn } from './sign-in-attempt.ts';
import type { Tokens } from './tokens.ts';

/** What the JSON API works with. */
export interface JsonApi {
  readonly clock: Clock;
  readonly attemptSignIn: AttemptSignIn;
  readonly tokens: Tokens;
  readonly findClient: (clientId: string) => AppClient | undefined;
}

const target = 'AWSCognitoIdentityProviderService.InitiateAuth';

const initiateAuth = z.object({
  AuthFlow: z.string(),
  ClientId: z.string().min(1).max(128),
  AuthParameters: z.record(z.string(), z.string()).default({}),
});

/** An error in the service's shape; all of these answer 400. */
class ServiceError extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * POST /: the InitiateAuth action with the flows USER_PASSWORD_AUTH and REFRESH_TOKEN_AUTH.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */
export async function answerApiCall(api: JsonApi, { request, response }: Exchange): Promise<void> {
  const body = await readBody(request);
  try {
    if (request.headers['x-amz-target'] !== target) {
      throw new ServiceError('UnknownOperationException', 'The operation is not part of this user pool.');
    }
    answerJson11(response, 200, await authenticate(api, parse(body)));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    response.setHeader('x-amzn-errortype', `${error.type}:`);
    answerJson11(response, 400, { __type: error.type, message: error.message });
  }
}

async function authenticate(api: JsonApi, call: z.infer<typeof initiateAuth>) {
  const client = api.findClient(call.ClientId);
  if (!client) {
    throw new ServiceError('ResourceNotFoundException', `User pool client ${call.ClientId} does not exist.`);
  }
  const flow = client.authFlows.find((allowed) => allowed === call.AuthFlow);
  if (!flow) {
    throw new ServiceError('InvalidParameterException', `${call.AuthFlow} flow not enabled for this client`);
  }
  const result = await flows[flow](api, call);
  return {
    AuthenticationResult: { ...result, ExpiresIn: lifetimes.accessToken, TokenType: 'Bearer' },
    ChallengeParameters: {},
  };
}

const flows: Record<
  AuthFlow,
  (api: JsonApi, call: z.infer<typeof initiateAuth>) => Promise<Record<string, string>>
> = {
  async USER_PASSWORD_AUTH({ attemptSignIn, tokens, clock }, { ClientId, AuthParameters }) {
    const username = required(AuthParameters, 'USERNAME');
    const result = await attemptSignIn(username, required(AuthParameters, 'PASSWORD'));
    switch (result.outcome) {
      case 'incorrect':
        throw new ServiceError('NotAuthorizedException', 'Incorrect username or password.');
      case 'locked':
        throw new ServiceError('NotAuthorizedException', 'Password attempts exceeded');
      case 'busy':
        throw new ServiceError('TooManyRequestsException', 'Rate exceeded');
      case 'success': {
        const authTime = Math.floor(clock.now() / 1000);
        const subject = { user: result.user, clientId: ClientId, authTime };
        const { accessToken, idToken } = await tokens.issue(subject);
        const refreshToken = await tokens.issueRefreshToken(subject);
        return { AccessToken: accessToken, IdToken: idToken, RefreshToken: refreshToken };
      }
    }
  },

  async REFRESH_TOKEN_AUTH({ tokens }, { ClientId, AuthParameters }) {
    const subject = await tokens.findRefreshToken(required(AuthParameters, 'REFRESH_TOKEN'), ClientId);
    if (!subject) throw new ServiceError('NotAuthorizedException', 'Invalid Refresh Token');
    const { accessToken, idToken } = await tokens.issue(subject);
    return { AccessToken: accessToken, IdToken: idToken };
  },
};

function parse(body: string): z.infer<typeof initiateAuth> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON.');
  }
  const result = initiateAuth.safeParse(value);
  if (result.success) return result.data;
  const place = result.error.issues[0]?.path.join('.') ?? '';
  throw new ServiceError('InvalidParameterException', `Missing or invalid parameter ${place}`);
}

function required(parameters: Readonly<Record<string, string>>, name: string): string {
  const value = parameters[name];
  if (!value) throw new ServiceError('InvalidParameterException', `Missing required parameter ${name}`);
  return value;
}

function answerJson11(response: Exchange['response'], status: number, value: unknown): void {
  answer(response, status, JSON.stringify(value), { 'content-type': 'application/x-amz-json-1.1' });
}
