import { z } from 'zod';

/** What the keeper of a task's certificate finds in its environment. */
export const environment = z.object({
  SERVICE_NAME: z.string().min(1),
  AWS_REGION: z.string().min(1),
  /** ARN of the secret with the task's certificate. */
  CERTIFICATE_SECRET: z.string().min(1),
  /** Where the proxy reads it from, absolute. */
  CERTIFICATE_FOLDER: z.string().startsWith('/'),
  /** Milliseconds between two looks at the secret. */
  CERTIFICATE_PERIOD: z.coerce.number().int().positive(),
  /** Where to say whether the proxy is ready, for a load balancer that must not reach its administration. */
  READINESS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  /** Address of the proxy's administration. */
  PROXY_ADMIN_URL: z.url().optional(),
  AWS_ENDPOINT_URL: z.url().optional(),
});
