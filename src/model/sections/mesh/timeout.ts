import { z } from 'zod';
import { type DurationText, formatDuration } from '../../../kernel/units.ts';
import { type Duration, durationOf, milliseconds } from '../../mesh/duration.ts';
import { defaultRequestTimeout } from '../../mesh/full-tries.ts';
import type { PortProtocol } from '../../mesh/terms.ts';
import { duration } from '../../scalars.ts';

/** Timeouts as a person writes them: '4s' for a whole request, or each by its name. '0s' turns one off. */
export const timeoutSection = z.union([
  duration().transform((perRequest) => ({ perRequest })),
  z.strictObject({ perRequest: duration().optional(), idle: duration().optional() }),
]);

/** Timeouts in milliseconds. */
export interface Timeouts {
  readonly perRequest?: number | undefined;
  readonly idle?: number | undefined;
}

/** The API's words for some timeouts; undefined when there are none. */
export function expandTimeout({ perRequest, idle }: Timeouts) {
  if (perRequest === undefined && idle === undefined) return undefined;
  return {
    ...(perRequest === undefined ? {} : { perRequest: durationOf(perRequest) }),
    ...(idle === undefined ? {} : { idle: durationOf(idle) }),
  };
}

/** The section's words for the API's timeouts of a protocol; what App Mesh does where the API says nothing. */
export function foldTimeout(
  timeout: { readonly perRequest?: Duration | undefined; readonly idle?: Duration | undefined } | undefined,
  protocol: PortProtocol,
) {
  const { perRequest, idle } = timeout ?? {};
  if (idle !== undefined) {
    return {
      ...(perRequest === undefined ? {} : { perRequest: durationText(perRequest) }),
      idle: durationText(idle),
    };
  }
  if (perRequest !== undefined) return durationText(perRequest);
  return protocol === 'tcp' ? undefined : formatDuration(defaultRequestTimeout);
}

/** A duration of the API's as a person writes it. */
export function durationText(duration: Duration): DurationText {
  return formatDuration(milliseconds(duration));
}
