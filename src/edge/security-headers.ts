import type { Plan } from '../model/plan.ts';

/** A response headers policy of the plan. */
export type ResponseHeadersPolicy = Plan['access']['responseHeadersPolicies'][string];

/**
 * The header fields a response headers policy sets on every answer, over whatever the origin sent.
 * HSTS is only sent over TLS, where it means something (RFC 6797, section 7.2).
 */
export function securityHeaders(
  { security, custom }: ResponseHeadersPolicy,
  { encrypted }: { encrypted: boolean },
): Record<string, string> {
  const { contentSecurityPolicy, contentTypeOptions, frameOptions, referrerPolicy } = security;
  const transport = encrypted ? security.strictTransportSecurity : undefined;
  return {
    ...Object.fromEntries(Object.entries(custom).map(([name, value]) => [name.toLowerCase(), value])),
    ...(contentSecurityPolicy === undefined ? {} : { 'content-security-policy': contentSecurityPolicy }),
    ...(contentTypeOptions ? { 'x-content-type-options': 'nosniff' } : {}),
    ...(frameOptions === undefined ? {} : { 'x-frame-options': frameOptions }),
    ...(referrerPolicy === undefined ? {} : { 'referrer-policy': referrerPolicy }),
    ...(transport === undefined
      ? {}
      : {
          'strict-transport-security': [
            `max-age=${Math.floor(transport.maxAge / 1000)}`,
            ...(transport.includeSubdomains ? ['includeSubDomains'] : []),
            ...(transport.preload ? ['preload'] : []),
          ].join('; '),
        }),
  };
}
