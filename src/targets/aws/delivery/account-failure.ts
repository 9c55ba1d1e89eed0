import { StrataError } from '../../../kernel/errors.ts';

/** Exceptions about credentials, by what they mean. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const refused =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|OptInRequired)$/;
const forbidden = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|NotAuthorized)$/;
const unreachable =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)$/;

/** What a failed call to the account means to a person; the error itself when it is none of the usual ones. */
export function accountFailure(error: unknown, region: string): unknown {
  const {
    name = '',
    message = '',
    code = '',
    cause,
  } = Object(error) as NodeJS.ErrnoException & { cause?: unknown };
  const reason = message.split('\n')[0] ?? '';
  const options = { cause: error };
  if (expired.test(name) || /expired/i.test(`${name} ${message}`)) {
    return new StrataError('account-credentials-expired', {}, options);
  }
  if (name === 'CredentialsProviderError') return new StrataError('account-credentials-missing', {}, options);
  if (refused.test(name)) {
    return new StrataError('account-credentials-refused', { region, reason }, options);
  }
  if (forbidden.test(name)) return new StrataError('account-forbidden', { reason }, options);
  const system = code || name || (Object(cause) as NodeJS.ErrnoException).code || '';
  if (unreachable.test(system)) {
    const host =
      (Object(error) as { hostname?: string }).hostname ?? `cloudformation.${region}.amazonaws.com`;
    return new StrataError('region-unreachable', { host, reason: system }, options);
  }
  return error;
}
