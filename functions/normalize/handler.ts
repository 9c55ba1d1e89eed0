import type { NormalizeConfiguration } from './configuration.ts';
import type { GeneratedResponse, ViewerRequest, ViewerRequestEvent } from './event.ts';
import { createNormalize } from './normalize.ts';

/** A function at the edge has no environment: what it is built with stands here in its place. */
declare const CONFIGURATION: NormalizeConfiguration;

const normalize = createNormalize(CONFIGURATION);

/** The CDN's entry, on viewer-request. */
export const handler = (event: ViewerRequestEvent): ViewerRequest | GeneratedResponse =>
  normalize(event.Records[0].cf.request);
