import { credentialSource } from '../../src/data/account/credentials.ts';
import { openSecrets } from '../../src/data/account/secrets.ts';
import { openSigningKey } from '../../src/data/account/signing-key.ts';
import { remoteAuthority } from '../../src/security/certificates/authority.ts';
import { readSettings } from './environment.ts';
import { rotate, rotationEvent } from './rotation.ts';

/** Renews one service's certificate: what Secrets Manager calls on schedule, once a step. */
export async function handler(event: unknown): Promise<void> {
  const settings = readSettings(process.env);
  const account = {
    region: settings.AWS_REGION,
    credentials: credentialSource(process.env),
    endpoint: settings.AWS_ENDPOINT_URL,
  };
  const trustDomain = settings.TRUST_DOMAIN;
  const authority = async () => {
    const key = await openSigningKey(settings.AUTHORITY_KEY, account);
    return remoteAuthority(key, { name: `${trustDomain} authority`, ttl: settings.AUTHORITY_TTL });
  };
  await rotate(
    {
      secrets: openSecrets(account),
      authority,
      trustDomain,
      ttl: settings.CERTIFICATE_TTL,
      services: settings.SERVICES,
    },
    rotationEvent.parse(event),
  );
}
