import { StrataError } from '../../../kernel/errors.ts';

/** Exceptions about credentials, by what they mean. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const refused =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|OptInRequired)$/;
const forbidden = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)$/;
const unreachable =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/** What the SDK says of a sign-in that is over, or of which too little is left to renew it. */
const over = /expired|aws sso login/i;

/**
 * What a failed call to the account means to a person; what says so itself is left as it is.
 * @param endpoint of an emulator; the region's own when left out
 */
export function accountFailure(error: unknown, region: string, endpoint?: string): StrataError {
  if (error instanceof StrataError) return error;
  const {
    name = '',
    message = '',
    code = '',
    cause,
  } = Object(error) as NodeJS.ErrnoException & { cause?: unknown };
  const reason = (message.split('\n')[0] ?? '').replace(/\.+$/, '');
  const options = { cause: error };
  if (expired.test(name) || over.test(`${name} ${message}`)) {
    return new StrataError('account-credentials-expired', {}, options);
  }
  if (name === 'CredentialsProviderError') {
    const { AWS_PROFILE: profile } = process.env;
    return profile === undefined
      ? new StrataError('account-credentials-missing', {}, options)
      : new StrataError('account-profile-unusable', { profile, reason }, options);
  }
  if (refused.test(name)) {
    return new StrataError('account-credentials-refused', { region, reason }, options);
  }
  if (forbidden.test(name)) return new StrataError('account-forbidden', { reason }, options);
  const system = code || name || (Object(cause) as NodeJS.ErrnoException).code || '';
  const own = (Object(error) as { hostname?: string }).hostname ?? `cloudformation.${region}.amazonaws.com`;
  const host = endpoint === undefined ? own : new URL(endpoint).host;
  if (unreachable.test(system)) {
    return new StrataError('region-unreachable', { host, reason: system }, options);
  }
  return new StrataError('account-unusable', { host, reason }, options);
}
