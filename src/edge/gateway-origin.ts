import type { Origin } from './origin.ts';
import { createServedOrigin } from './serve-origin.ts';

/** The gateway's address and how long an answer may take to begin, in milliseconds. */
export interface GatewayOriginSettings {
  readonly address: { readonly host: string; readonly port: number };
  readonly timeout: number;
}

/**
 * The gateway as an origin: kept-alive connections, bodies streamed both ways. A read is sent twice at most.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html
 */
export function createGatewayOrigin({ address, timeout }: GatewayOriginSettings): Origin {
  const url = new URL(`http://${address.host}:${address.port}`);
  return createServedOrigin(url, { timeout, repeatsReads: true });
}
