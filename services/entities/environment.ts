import { z } from 'zod';
import { taskEnvironment } from '../http/environment.ts';

/** What an entities task finds in its environment. */
export const environment = taskEnvironment.extend({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  CACHE_URL: z.url({ protocol: /^rediss?$/ }),
  /** The cache's name in the account; needed where its address has no password. */
  CACHE_NAME: z.string().min(1).optional(),
  MESH_EGRESS_URL: z.url({ protocol: /^http$/ }),
  CATALOG_HOST: z.string().min(1),
});
