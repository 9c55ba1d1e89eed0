import type { AnswerHeaders } from './exchange.ts';

/** What a page of ours may load: its own files only, no inline script or style. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** An API answer is data: opened as a page it may do nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

const common: AnswerHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * The response headers policy: set on every answer over whatever the origin sent.
 * HSTS is only sent over TLS, where it means something (RFC 6797, section 7.2).
 */
export function securityHeaders({ page, encrypted }: { page: boolean; encrypted: boolean }): AnswerHeaders {
  return {
    ...common,
    'content-security-policy': page ? pagePolicy : dataPolicy,
    ...(encrypted ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}
