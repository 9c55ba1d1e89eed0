import { type FieldLines, fieldValue, filterFields } from './cache/fields.ts';
import type { Viewer } from './protocol/message.ts';

/** Fields only the platform itself may set: a viewer's are dropped. */
const internal = /^(?:forwarded$|x-forwarded-|x-real-ip$|x-strata-|x-amz-cf-|x-amzn-|x-edge-|cloudfront-)/;

/**
 * A request's fields with what the edge itself saw of the viewer in place of what the viewer says of it:
 * X-Forwarded-For, -Proto and -Host.
 */
export function viewerFields(fields: FieldLines, viewer: Viewer, host: string): string[] {
  const kept = filterFields(fields, (name) => !internal.test(name));
  kept.push(
    'x-forwarded-for',
    viewer.address,
    'x-forwarded-proto',
    viewer.encrypted ? 'https' : 'http',
    'x-forwarded-host',
    host,
  );
  return kept;
}

/** The Host a viewer asked for. */
export function hostOf(fields: FieldLines): string {
  return fieldValue(fields, 'host') ?? '';
}
