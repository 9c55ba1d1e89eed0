import type { FieldValue } from './event.ts';

/** Fields that claim to come from the platform or from a proxy in front: a viewer's are dropped. */
const internal = /^(?:forwarded$|x-forwarded-|x-real-ip$|x-strata-|x-amzn-|x-envoy-)/;

/** Removes what a viewer has no right to say. */
export function dropInternalHeaders(headers: Record<string, FieldValue>): void {
  Object.keys(headers).forEach((name) => {
    if (internal.test(name)) delete headers[name];
  });
}
