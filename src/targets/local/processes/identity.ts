import type { IdentityConfiguration } from '../../../security/user-pool/configuration.ts';
import { openUserPool } from '../../../security/user-pool/user-pool.ts';
import { runConfiguredServer } from './configured-server.ts';

runConfiguredServer<IdentityConfiguration>('identity', (configuration) => openUserPool(configuration));
