import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readJson, writeFileAtomically } from './file.ts';
import type { StatePaths } from './paths.ts';

const secrets = z.object({
  version: z.literal(1),
  database: z.object({ password: z.string() }),
  cache: z.object({ password: z.string() }),
  table: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  /** Passwords of the user pool's users, by role. */
  users: z.object({ reader: z.string(), editor: z.string(), admin: z.string() }),
  /** What the keys of the sessions are made from; added when it is not there yet. */
  sessions: z.string().default(password),
});

/** What the platform's parts prove themselves with to each other. */
export type Secrets = z.infer<typeof secrets>;

/** The project's secrets; undefined before the first `up`. */
export function readSecrets(paths: StatePaths): Secrets | undefined {
  return secrets.safeParse(readJson(paths.secrets)).data;
}

/** The project's secrets, made at random the first time, in a file for this user only. */
export function ensureSecrets(paths: StatePaths): Secrets {
  const known = readSecrets(paths);
  const made: Secrets = known ?? {
    version: 1,
    database: { password: password() },
    cache: { password: password() },
    table: {
      accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: password(),
    },
    users: { reader: password(), editor: password(), admin: password() },
    sessions: password(),
  };
  writeFileAtomically(paths.secrets, `${JSON.stringify(made, undefined, 2)}\n`, { durable: true });
  return made;
}

/** 192 bits, with the kinds of characters Cognito's default password policy asks for. */
function password(): string {
  return `${randomBytes(24).toString('base64url')}aA1-`;
}
