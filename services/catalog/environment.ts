import { z } from 'zod';
import { taskEnvironment } from '../http/environment.ts';

/** What a catalog task finds in its environment. */
export const environment = taskEnvironment.extend({
  /** The region's own when left out. */
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
});
