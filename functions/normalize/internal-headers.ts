import type { Headers } from './event.ts';

/** Fields that claim to come from the platform, the CDN or a proxy in front: a viewer's are dropped. */
const internal =
  /^(?:forwarded$|x-forwarded-|x-real-ip$|x-strata-|x-amzn-|x-amz-cf-|x-edge-|x-envoy-|cloudfront-)/;

/** Removes what a viewer has no right to say. */
export function dropInternalHeaders(headers: Headers): void {
  for (const name of Object.keys(headers)) if (internal.test(name)) delete headers[name];
}
