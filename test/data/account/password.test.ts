import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { SignatureV4 } from '@smithy/signature-v4';
import { cachePassword, databasePassword } from '../../../src/data/account/password.ts';
import { storePasswords } from '../../../src/data/account/store-passwords.ts';

const region = 'us-west-2';
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/+key', sessionToken: 'IQoJ//token+==' };
const credentials = async () => keys;

/** The hash the vendor's own signer is given. */
class Sha256 {
  readonly #hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(key));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

/** The signature the vendor's own signer makes of the same request at the same moment. */
async function signatureOf(service: string, host: string, password: string): Promise<string | undefined> {
  const own = new URL(`https://${password}`).searchParams;
  const signer = new SignatureV4({ service, region, credentials: keys, sha256: Sha256 });
  const [name = '', port] = host.split(':');
  const query = Object.fromEntries([...own].filter(([key]) => !key.startsWith('X-Amz-')));
  const when = own.get('X-Amz-Date') ?? '';
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: name,
      ...(port === undefined ? {} : { port: Number(port) }),
      path: '/',
      query,
      headers: { host },
    },
    {
      expiresIn: 900,
      signingDate: new Date(when.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')),
    },
  );
  return String(signed.query?.['X-Amz-Signature']);
}

describe('a password that is a signed request', () => {
  test("signs in to the database as the vendor's own signer would", async () => {
    const host = 'db.cluster-x.us-west-2.rds.amazonaws.com:5432';
    const [hostname = '', port] = host.split(':');
    const password = await databasePassword({
      host: hostname,
      port: Number(port),
      user: 'microservice-a',
      region,
      credentials,
    })();
    assert.ok(password.startsWith(`${host}/?Action=connect&DBUser=microservice-a&X-Amz-Expires=900&`));
    const signature = new URL(`https://${password}`).searchParams.get('X-Amz-Signature');
    assert.equal(signature, await signatureOf('rds-db', host, password));
  });

  test("signs in to a serverless cache as the vendor's own signer would", async () => {
    const password = await cachePassword({
      cache: 'cloud-native',
      user: 'microservice-a',
      region,
      credentials,
    })();
    assert.ok(password.startsWith('cloud-native/?Action=connect&ResourceType=ServerlessCache&User='));
    const signature = new URL(`https://${password}`).searchParams.get('X-Amz-Signature');
    assert.equal(signature, await signatureOf('elasticache', 'cloud-native', password));
  });

  test('is made anew for each connection, with the keys of that moment', async () => {
    let secretAccessKey = 'first';
    const source = databasePassword({
      host: 'db',
      port: 5432,
      user: 'u',
      region,
      credentials: async () => ({ accessKeyId: 'id', secretAccessKey }),
    });
    const first = await source();
    secretAccessKey = 'second';
    assert.notEqual(await source(), first);
  });
});

describe('the passwords of the stores', () => {
  const variables = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

  test('are signed where an address has a user and no password', async () => {
    const passwords = storePasswords({
      database: 'postgres://microservice-a@db:5432/strata',
      cache: { url: 'rediss://microservice-a@cache:6379', name: 'cloud-native' },
      region,
      variables,
    });
    assert.match((await passwords.database?.()) ?? '', /^db:5432\/\?Action=connect&DBUser=microservice-a&/);
    assert.match((await passwords.cache?.()) ?? '', /^cloud-native\/\?.*User=microservice-a/);
  });

  test('are left to an address that has one, and then no keys are needed', () => {
    const passwords = storePasswords({
      database: 'postgres://strata:secret@db:5432/postgres',
      cache: { url: 'redis://:secret@cache:6379', name: undefined },
      region,
      variables: {},
    });
    assert.deepEqual(passwords, { database: undefined, cache: undefined });
  });
});
