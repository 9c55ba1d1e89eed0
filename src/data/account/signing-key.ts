import { StrataError } from '../../kernel/errors.ts';
import { openJsonService } from './json-service.ts';
import type { AccountOptions } from './secrets.ts';

/** A key of AWS KMS that signs and never leaves it: ECDSA on P-256 with SHA-256. */
export interface SigningKey {
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** When it was made, milliseconds since the epoch. */
  readonly since: number;
  /** @returns r and s, 32 bytes each. @throws ServiceFailure, StrataError `signing-unavailable` */
  readonly sign: (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a signing key (https://docs.aws.amazon.com/kms/latest/developerguide/asymmetric-key-specs.html).
 * @throws ServiceFailure when it may not be used, StrataError `signing-unavailable`
 */
export async function openSigningKey(
  id: string,
  { region, credentials, endpoint }: AccountOptions,
): Promise<SigningKey> {
  const { call, close } = openJsonService({
    service: 'kms',
    target: 'TrentService',
    protocol: '1.1',
    region,
    credentials,
    ...(endpoint === undefined ? {} : { endpoint }),
    connections: 2,
    unavailable: (reason, cause) => new StrataError('signing-unavailable', { reason }, { cause }),
  });
  const [{ PublicKey }, { KeyMetadata }] = await Promise.all([
    call<{ PublicKey: string }>('GetPublicKey', { KeyId: id }),
    call<{ KeyMetadata: { CreationDate: number } }>('DescribeKey', { KeyId: id }),
  ]);
  return {
    publicKey: bytesOf(PublicKey),
    since: Math.floor(KeyMetadata.CreationDate) * 1000,
    sign: async (bytes) => {
      const { Signature } = await call<{ Signature: string }>('Sign', {
        KeyId: id,
        Message: Buffer.from(bytes).toString('base64'),
        MessageType: 'RAW',
        SigningAlgorithm: 'ECDSA_SHA_256',
      });
      return plainSignature(bytesOf(Signature));
    },
    close,
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** An ECDSA signature in DER (RFC 3279, section 2.2.3: a sequence of two short integers) as r and s of 32 bytes each. */
function plainSignature(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.slice(at + 2, at + 2 + length).slice(-32);
    plain.set(number, end - number.length);
    at += 2 + length;
  }
  return plain;
}
