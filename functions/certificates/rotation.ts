import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Secrets } from '../../src/data/account/secrets.ts';
import type { Authority } from '../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';

/** A step of a rotation (https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html). */
export const rotationEvent = z.object({
  SecretId: z.string().min(1),
  /** The version that is being made. */
  ClientRequestToken: z.string().min(1),
  Step: z.enum(['createSecret', 'setSecret', 'testSecret', 'finishSecret']),
});

/** What is being rotated, by whom. */
export interface Rotation {
  readonly secrets: Secrets;
  /** Signs; asked for when it is needed. */
  readonly authority: () => Promise<Authority>;
  readonly trustDomain: string;
  /** Milliseconds a certificate is valid for. */
  readonly ttl: number;
  /** By a secret's name: whose certificate it holds. */
  readonly services: Readonly<Record<string, string>>;
}

/** What a secret holds: PEM texts. */
const material = z.object({ chain: z.string(), key: z.string(), authority: z.string() });

/**
 * Carries out one step; each may be repeated. A new certificate becomes current only after it was checked.
 * @throws Error when the secret is none of the mesh's, or what was made is not good
 */
export async function rotate(rotation: Rotation, event: z.output<typeof rotationEvent>): Promise<void> {
  const { secrets } = rotation;
  const { SecretId: id, ClientRequestToken: version, Step: step } = event;
  switch (step) {
    case 'createSecret':
      if ((await secrets.read(id, 'AWSPENDING', version)) === undefined) {
        await secrets.add(id, version, await issue(rotation, id));
      }
      return;
    case 'setSecret':
      // Nobody has to be told: proxies trust the authority, whichever certificate it signed.
      return;
    case 'testSecret':
      check((await secrets.read(id, 'AWSPENDING', version)) ?? '');
      return;
    case 'finishSecret': {
      const { stages } = await secrets.describe(id);
      if (stages[version]?.includes('AWSCURRENT')) return;
      const before = Object.keys(stages).find((known) => stages[known]?.includes('AWSCURRENT'));
      await secrets.promote(id, version, before);
    }
  }
}

async function issue({ secrets, authority, services, trustDomain, ttl }: Rotation, id: string) {
  const { name } = await secrets.describe(id);
  const service = services[name];
  if (service === undefined) throw new Error(`the secret ${name} is no service's`);
  const signer = await authority();
  const { chain, key } = await issueCertificate(signer, { service, trustDomain, ttl });
  return JSON.stringify({ chain, key, authority: signer.pem } satisfies z.output<typeof material>);
}

function check(text: string): void {
  const { chain, key, authority } = material.parse(JSON.parse(text));
  const [leaf, root] = [new X509Certificate(chain), new X509Certificate(authority)];
  if (!leaf.checkIssued(root) || !leaf.verify(root.publicKey)) throw new Error('another authority issued it');
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not the certificate’s');
  if (leaf.validToDate.getTime() <= Date.now()) throw new Error('it has ended');
}
