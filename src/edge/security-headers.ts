import type { Plan } from '../model/plan.ts';
import type { AnswerHeaders } from './exchange.ts';

/** A response headers policy of the plan. */
export type ResponseHeadersPolicy = Plan['access']['responseHeadersPolicies'][string];

/** How an answer reaches its viewer. */
export interface Passage {
  readonly encrypted: boolean;
  /** The request's Host, with or without a port. */
  readonly host: string;
}

/** The header fields a response headers policy sets on every answer, over whatever the origin sent. */
export function securityHeaders(
  { security, custom }: ResponseHeadersPolicy,
  passage: Passage,
): AnswerHeaders {
  const { contentSecurityPolicy, contentTypeOptions, frameOptions, referrerPolicy } = security;
  const transport = isPinnable(passage) ? security.strictTransportSecurity : undefined;
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
 * Whether a host can be bound to TLS: over TLS only, and never an address (RFC 6797, sections 7.2 and 8.1.1). Nor
 * localhost itself: it would bind every other program that a person develops on this machine, on every port.
 */
function isPinnable({ encrypted, host }: Passage): boolean {
  if (!encrypted) return false;
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name !== 'localhost' && !/^[\d.]+$|^\[/.test(name);
}
