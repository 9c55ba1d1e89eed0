import { decodeJwt } from 'jose';
import type { ProxyResult } from '../../../../functions/session/result.ts';
import { openSessionStore } from '../../../../src/data/sessions/store.ts';
import { openTableClient } from '../../../../src/data/table/client.ts';
import { createFunctionRuntime } from '../../../../src/gateway/functions/runtime.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import type { IdentityConfiguration } from '../../../../src/security/user-pool/configuration.ts';
import { openUserPool } from '../../../../src/security/user-pool/user-pool.ts';
import { defineFunctions } from '../../../../src/targets/local/functions.ts';
import { defineIdentity } from '../../../../src/targets/local/identity.ts';
import { statePaths } from '../../../../src/targets/local/paths.ts';
import { ensureSecrets } from '../../../../src/targets/local/secrets.ts';
import { prepareState } from '../../../../src/targets/local/state-folder.ts';
import { freePort, projectRoot, startDynamo, temporaryFolder } from '../../../engines.ts';
import { CookieJar } from '../../../functions/session/cookie-jar.ts';
import { signInAtPool } from '../../../functions/session/pool-sign-in.ts';
import type { Scope } from '../../../gateway/gateway-under-test.ts';
import type { Settings } from '../settings.ts';
import { sessionTableSettingsOf } from '../table-definition.ts';

const patience = new AbortController().signal;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/**
 * What a session says of itself after a sign-in, with user pool, table and function as this machine's platform makes
 * them, and what the function was told.
 */
export async function sessionSettings(scope: Scope, plan: Plan): Promise<Settings> {
  const dynamo = await startDynamo(scope);
  const folder = await temporaryFolder(scope);
  const paths = statePaths(folder);
  prepareState(paths);
  const secrets = ensureSecrets(paths);
  const ports = { edge: await freePort(), gateway: 1, console: 2, identity: await freePort() };
  const identity = defineIdentity({ paths, ports, plan, secrets });
  const pool = await openUserPool(identity.configuration as IdentityConfiguration);
  scope.after(() => pool.close());
  const connection = { endpoint: dynamo.url, region: plan.region, credentials };
  const store = openSessionStore({ ...connection, table: plan.data.sessions.table });
  scope.after(() => store.close());
  await store.createTable();
  const definitions = defineFunctions({
    root: projectRoot,
    plan,
    ports,
    secrets,
    stores: { database: '', cache: '', table: { endpoint: dynamo.url, ...credentials } },
  });
  const runtime = createFunctionRuntime(definitions, () => undefined);
  scope.after(() => runtime.close());
  const { leeway } = JSON.parse(definitions.session?.variables.SESSION_SETTINGS ?? '');
  return {
    ...(await tableSettings(connection, plan.data.sessions.table.name)),
    ...(await lifetimes(async (event) => {
      const outcome = await runtime.invoke(
        'session',
        { requestId: '1', event: JSON.stringify(event) },
        patience,
      );
      return JSON.parse(outcome.kind === 'result' ? outcome.text : '{}');
    }, secrets.users.editor)),
    'data.sessions.leeway': leeway,
    ...Object.fromEntries(
      Object.entries(definitions).flatMap(([name, { memory, timeout }]) => [
        [`gateway.functions.${name}.memory`, memory],
        [`gateway.functions.${name}.timeout`, timeout],
      ]),
    ),
  };
}

async function tableSettings(
  connection: Parameters<typeof openTableClient>[0],
  TableName: string,
): Promise<Settings> {
  const { call, close } = openTableClient(connection);
  const { Table } = await call<{ Table: Readonly<Record<string, unknown>> }>('DescribeTable', { TableName });
  const { TimeToLiveDescription } = await call<{ TimeToLiveDescription: { AttributeName?: string } }>(
    'DescribeTimeToLive',
    { TableName },
  );
  await close();
  return sessionTableSettingsOf(Table, TimeToLiveDescription);
}

/** Signs somebody in and reads what the session and its access token say of their ends. */
async function lifetimes(call: (event: object) => Promise<ProxyResult>, password: string): Promise<Settings> {
  const jar = new CookieJar();
  const get = async (path: string, query = '') => {
    const parameters = new URLSearchParams(query);
    const result = await call({
      path,
      httpMethod: 'GET',
      multiValueHeaders: { cookie: [jar.fieldFor(path)] },
      multiValueQueryStringParameters: Object.fromEntries(
        [...parameters].map(([name, value]) => [name, [value]]),
      ),
      body: null,
      isBase64Encoded: false,
    });
    jar.take(result.multiValueHeaders['set-cookie'] ?? []);
    return result;
  };
  const begun = await get('/session/sign-in');
  const back = await signInAtPool(begun.headers.location ?? '', { username: 'editor', secret: password });
  await get('/session/callback', back.search);
  const { idleExpiresAt, absoluteExpiresAt } = JSON.parse((await get('/session')).body);
  const [{ createdAt, lastUsedAt }] = JSON.parse((await get('/session/list')).body).sessions;
  const { exp = 0, iat = 0 } = decodeJwt(jar.value('__Host-session') ?? '');
  return {
    'data.sessions.idle': idleExpiresAt - lastUsedAt,
    'data.sessions.absolute': absoluteExpiresAt - createdAt,
    'data.sessions.accessToken': (exp - iat) * 1000,
  };
}
