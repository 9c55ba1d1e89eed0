import type { Stage } from './exchange.ts';
import { gatewayResponse } from './gateway-response.ts';

/**
 * Passes on what both the method's bucket and the account's have a token for; the rest is 429.
 * A request that the method's bucket refuses takes nothing from the account's.
 */
export const throttle: Stage = ({ deployment, method, startedAt }) => {
  if (!method.bucket.has(startedAt) || !deployment.account.has(startedAt))
    return gatewayResponse('THROTTLED');
  method.bucket.take();
  deployment.account.take();
  return undefined;
};
