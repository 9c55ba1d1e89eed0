import { answerJson, type Exchange } from './exchange.ts';
import type { Tokens } from './tokens.ts';

/**
 * GET or POST /oauth2/userInfo: who the bearer of an access token is.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
 */
export async function answerUserInfo(tokens: Tokens, { request, response }: Exchange): Promise<void> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const caller = token ? await tokens.verifyAccessToken(token) : undefined;
  if (!caller) {
    refuse(response, 401, 'invalid_token', 'Access token is expired, disabled, or invalid.');
  } else if (!caller.scopes.includes('openid')) {
    refuse(response, 403, 'insufficient_scope', 'The token was issued without the scope openid.');
  } else {
    const { sub, username, email } = caller.user;
    const address = caller.scopes.includes('email') ? { email, email_verified: 'true' } : {};
    answerJson(response, 200, { sub, ...address, username });
  }
}

function refuse(response: Exchange['response'], status: number, error: string, description: string): void {
  answerJson(
    response,
    status,
    { error, error_description: description },
    { 'www-authenticate': `Bearer error="${error}", error_description="${description}"` },
  );
}
