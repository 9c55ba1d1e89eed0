import { z } from 'zod';

/** What the function finds in its environment. Durations are milliseconds. */
const environment = z.object({
  AWS_REGION: z.string().min(1),
  SESSION_SETTINGS: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(
      z.object({
        table: z.object({
          name: z.string(),
          partitionKey: z.string(),
          sortKey: z.string(),
          timeToLive: z.string(),
        }),
        idle: z.number().positive(),
        absolute: z.number().positive(),
        leeway: z.number().min(0),
        /** Where browsers see the platform; a sign-in that says nothing else leads back to the first. */
        origins: z.array(z.url()).min(1),
        pool: z.object({
          issuer: z.url(),
          /** Base address of the sign-in pages and token endpoints. */
          endpoint: z.url(),
          clientId: z.string().min(1),
        }),
      }),
    ),
  /** What all keys are made from; on a laptop. */
  SESSION_SECRET: z.string().min(32).optional(),
  /** The secret that holds it; in an account. */
  SESSION_SECRET_ID: z.string().min(1).optional(),
  AWS_ENDPOINT_URL_DYNAMODB: z.url().optional(),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.url().optional(),
});

/** The function's settings. */
export type Settings = z.output<typeof environment>;

/** Reads them. @throws ZodError */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  return environment.parse(variables);
}
