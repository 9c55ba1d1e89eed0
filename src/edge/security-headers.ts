import type { Plan } from '../model/plan.ts';

/** A response headers policy of the plan. */
export type ResponseHeadersPolicy = Plan['access']['responseHeadersPolicies'][string];

/**
 * The header fields a response headers policy sets on every answer, over whatever the origin sent.
 * HSTS is only sent where the host is to be bound to TLS.
 */
export function securityHeaders(
  { security, custom }: ResponseHeadersPolicy,
  { bound }: { readonly bound: boolean },
): Record<string, string> {
  const { contentSecurityPolicy, contentTypeOptions, frameOptions, referrerPolicy } = security;
  const transport = bound ? security.strictTransportSecurity : undefined;
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

/**
 * Whether a host may be bound to TLS: what it is asked over TLS only, and never an address (RFC 6797, sections 7.2 and
 * 8.1.1). Nor localhost itself: it would bind every other program that a person develops on this machine, on every port.
 * @param host the request's Host, with or without a port
 */
export function bindsToTls({ encrypted, host }: { encrypted: boolean; host: string }): boolean {
  if (!encrypted) return false;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name !== 'localhost' && !/^[\d.]+$|^\[/.test(name);
}
