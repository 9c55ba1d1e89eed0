import { StrataError } from '../../kernel/errors.ts';
import type { CredentialSource } from './credentials.ts';
import { openJsonService } from './json-service.ts';
import { ServiceFailure } from './service-failure.ts';

/** Where a service of the account is reached, and with which keys. */
export interface AccountOptions {
  readonly region: string;
  readonly credentials: CredentialSource;
  /** Base address; the region's own when left out. */
  readonly endpoint?: string | undefined;
}

/** A stage of a secret's versions; others are the user's own. */
export type SecretStage = 'AWSCURRENT' | 'AWSPENDING';

/** What a secret is called, and which stages its versions are in. */
export interface SecretDescription {
  readonly name: string;
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

/**
 * AWS Secrets Manager, as far as rotation and reading need it
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html).
 * Every call throws ServiceFailure when it is refused, StrataError `secrets-unavailable` when it cannot be done now.
 */
export interface Secrets {
  readonly describe: (id: string) => Promise<SecretDescription>;
  /** The text in a stage; undefined when there is none yet. */
  readonly read: (id: string, stage: SecretStage, version?: string) => Promise<string | undefined>;
  /** Adds a version, to become current later; harmless when it is there with the same text. */
  readonly add: (id: string, version: string, text: string) => Promise<void>;
  /** Makes a version the current one. */
  readonly promote: (id: string, version: string, before: string | undefined) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens Secrets Manager. Nothing is sent before it is used. */
export function openSecrets({ region, credentials, endpoint }: AccountOptions): Secrets {
  const { call, close } = openJsonService({
    service: 'secretsmanager',
    target: 'secretsmanager',
    protocol: '1.1',
    region,
    credentials,
    ...(endpoint === undefined ? {} : { endpoint }),
    connections: 2,
    unavailable: (reason, cause) => new StrataError('secrets-unavailable', { reason }, { cause }),
  });
  return {
    describe: async (id) => {
      const { Name, VersionIdsToStages = {} } = await call<{
        Name: string;
        VersionIdsToStages?: Record<string, string[]>;
      }>('DescribeSecret', { SecretId: id });
      return { name: Name, stages: VersionIdsToStages };
    },
    read: async (id, stage, version) => {
      try {
        const query = { SecretId: id, VersionStage: stage, VersionId: version };
        return (await call<{ SecretString?: string }>('GetSecretValue', query)).SecretString;
      } catch (error) {
        if (error instanceof ServiceFailure && error.type === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    add: async (id, version, text) => {
      const stages = { VersionStages: ['AWSPENDING'] satisfies SecretStage[] };
      await call('PutSecretValue', {
        SecretId: id,
        ClientRequestToken: version,
        SecretString: text,
        ...stages,
      });
    },
    promote: async (id, version, before) => {
      await call('UpdateSecretVersionStage', {
        SecretId: id,
        VersionStage: 'AWSCURRENT' satisfies SecretStage,
        MoveToVersionId: version,
        RemoveFromVersionId: before,
      });
    },
    close,
  };
}
