import { storePasswords } from '../../src/data/account/store-passwords.ts';
import { createReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import { createRelay } from '../../src/data/relational/relay.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { openLog } from '../../src/observe/log.ts';
import { createApplication, describe } from '../http/application.ts';
import { readEnvironment } from '../http/environment.ts';
import { runService, startService } from '../http/process.ts';
import { createAnnouncement } from './announcement.ts';
import { openCatalogClient } from './catalog-client.ts';
import { addDataRoutes } from './data-routes.ts';
import { environment } from './environment.ts';
import { addDocument } from './openapi.ts';
import { scheduleRefresh } from './refresh.ts';
import { addSecureRoutes } from './secure-routes.ts';

/** Bytes of a request's body: the largest attributes, and thrice as much for how callers may write them. */
const bodyLimit = 1024 * 1024;

startService(async () => {
  const {
    DATABASE_URL: url,
    SERVICE_SETTINGS: settings,
    ...task
  } = readEnvironment(environment, process.env);
  const { data, explain } = settings;
  const log = openLog({ service: task.SERVICE_NAME, task: task.TASK_ID });
  const failed = (what: string) => (error: unknown) => log.warn({ error: describe(error) }, what);

  const passwords = storePasswords({
    database: url,
    cache: { url: task.CACHE_URL, name: task.CACHE_NAME },
    region: task.AWS_REGION,
    variables: process.env,
  });
  const { connections } = data.relational;
  const store = openEntityStore({ url, password: passwords.database, connections, name: task.TASK_ID });
  const cache = createReadThroughCache({
    url: task.CACHE_URL,
    password: passwords.cache,
    settings: data.cache,
    read: store.read,
    debt: { read: store.debt, settle: store.settleDebt },
    onEvent: (event) => log.info(event, 'cache'),
  });
  const catalog = openCatalogClient({ egress: task.MESH_EGRESS_URL, host: task.CATALOG_HOST });
  const relay = createRelay({
    url,
    password: passwords.database,
    deliver: catalog.deliver,
    invalidate: cache.invalidate,
    onError: failed('changes were not relayed; they will be tried again'),
  });

  const service = createApplication({ log, bodyLimit });
  await addDocument(service.app);
  addDataRoutes(service.app, { store, cache, catalog, explain });
  const announce = createAnnouncement(cache, store);
  addSecureRoutes(service.app, { store, announce, maxAttributes: data.maxAttributes });

  relay.start();
  const endRefresh = scheduleRefresh(cache.refreshDue, {
    period: data.cache.static.refresh,
    onError: failed('the cache was not refreshed'),
  });
  const close = async () => {
    endRefresh();
    await relay.stop();
    cache.close();
    await Promise.all([store.close(), catalog.close()]);
  };
  await runService(service, { port: task.PORT, log, close });
});
