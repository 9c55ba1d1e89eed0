import type { ViewerRequest, ViewerRequestEvent, ViewerResponse } from './event.ts';
import { type NormalizeConfiguration, normalize } from './normalize.ts';

/** Put in its place when the function is built: one function a configuration. */
declare const CONFIGURATION: NormalizeConfiguration;

/** The CDN's entry. The runtime knows ECMAScript 5.1 and parts of later editions; the build refuses what it lacks. */
export function handler(event: ViewerRequestEvent): ViewerRequest | ViewerResponse {
  return normalize(event.request, CONFIGURATION);
}
