import { z } from 'zod';
import { dataSettings, settingsVariable, taskEnvironment } from '../http/environment.ts';

/** What an entities task finds in its environment. */
export const environment = taskEnvironment.extend({
  SERVICE_SETTINGS: settingsVariable({
    relational: dataSettings.relational,
    cache: dataSettings.cache,
    maxAttributes: dataSettings.maxAttributes,
  }),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  CACHE_URL: z.url({ protocol: /^rediss?$/ }),
  /** The cache's name in the account; needed where its address has no password. */
  CACHE_NAME: z.string().min(1).optional(),
  MESH_EGRESS_URL: z.url({ protocol: /^http$/ }),
  CATALOG_HOST: z.string().min(1),
});
