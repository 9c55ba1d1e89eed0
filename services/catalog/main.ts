import { credentialSource } from '../../src/data/account/credentials.ts';
import { openEntityTable } from '../../src/data/table/entity-table.ts';
import { openLog } from '../../src/observe/log.ts';
import { createApplication } from '../http/application.ts';
import { readEnvironment } from '../http/environment.ts';
import { runService, startService } from '../http/process.ts';
import { environment } from './environment.ts';
import { addCatalogRoutes } from './routes.ts';

/** Bytes of a delivery: the relay's batch, or one entity larger than that, and room for how it is written. */
const bodyLimit = 8 * 1024 * 1024;

startService(async () => {
  const task = readEnvironment(environment, process.env);
  const log = openLog({ service: task.SERVICE_NAME, task: task.TASK_ID });
  const endpoint = task.AWS_ENDPOINT_URL_DYNAMODB;
  const table = openEntityTable({
    ...(endpoint === undefined ? {} : { endpoint }),
    region: task.AWS_REGION,
    credentials: credentialSource(process.env),
    table: task.SERVICE_SETTINGS.data.table,
  });
  const service = createApplication({ log, bodyLimit });
  addCatalogRoutes(service.app, table);
  await runService(service, { port: task.PORT, log, close: table.close });
});
