/**
 * The SPIFFE id of a service: the URI its certificate carries and its callers and callees check, exactly.
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md
 */
export function spiffeId(trustDomain: string, service: string): string {
  return `spiffe://${trustDomain}/${service}`;
}
