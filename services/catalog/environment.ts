import { z } from 'zod';
import { dataSettings, settingsVariable, taskEnvironment } from '../http/environment.ts';

/** What a catalog task finds in its environment. */
export const environment = taskEnvironment.extend({
  SERVICE_SETTINGS: settingsVariable({ table: dataSettings.table }),
  /** The region's own when left out. */
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
});
