import { limits } from '../../limits.ts';
import type { NameForm } from './name-set.ts';

/** A field name of HTTP (RFC 9110, section 5.1). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A header in a cache policy. */
export const keyHeader: NameForm = {
  form: token,
  allowed: "a header such as 'Authorization'",
  limit: limits.cachePolicyHeaders,
};
/** A header in an origin request policy. */
export const forwardedHeader: NameForm = { ...keyHeader, limit: limits.originRequestPolicyHeaders };
/** A query string in a policy. */
export const queryString: NameForm = {
  form: /^[^\s&=#?]{1,128}$/,
  allowed: "the name of a query string, such as 'limit'",
  limit: limits.policyQueryStrings,
};
/** A cookie in a policy (RFC 6265, section 4.1.1). */
export const cookie: NameForm = {
  form: token,
  allowed: "the name of a cookie, such as 'theme'",
  limit: limits.policyCookies,
};
