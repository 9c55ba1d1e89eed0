import { z } from 'zod';

/** What the migration finds in its environment. */
export const environment = z.object({
  SERVICE_NAME: z.string().min(1),
  /** Where the database is; as whom is said apart, because it is a secret. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_USER: z.string().min(1),
  DATABASE_PASSWORD: z.string().min(1),
  /** Services that use the database, separated by commas. */
  DATABASE_USERS: z.string().transform((names) => names.split(',').filter((name) => name !== '')),
});
