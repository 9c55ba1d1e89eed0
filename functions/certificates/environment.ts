import { z } from 'zod';

/** What the rotation of certificates finds in its environment. */
const environment = z.object({
  AWS_REGION: z.string().min(1),
  /** ARN of the key that signs for the mesh's authority. */
  AUTHORITY_KEY: z.string().min(1),
  TRUST_DOMAIN: z.string().min(1),
  /** Milliseconds a certificate is valid for. */
  CERTIFICATE_TTL: z.coerce.number().int().positive(),
  /** Milliseconds the authority is valid for, from when its key was made. */
  AUTHORITY_TTL: z.coerce.number().int().positive(),
  /** By a secret's name: whose certificate it holds. */
  SERVICES: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  AWS_ENDPOINT_URL: z.url().optional(),
});

/** The rotation's settings. */
export type Settings = z.output<typeof environment>;

/** Reads them. @throws ZodError */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  return environment.parse(variables);
}
