import { z } from 'zod';
import { taskEnvironment } from '../http/environment.ts';

/** What a catalog task finds in its environment. */
export const environment = taskEnvironment.extend({
  AWS_ENDPOINT_URL_DYNAMODB: z.url(),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
});
