import { migrate } from '../../src/data/relational/migrate.ts';
import { admitUsers } from '../../src/data/relational/users.ts';
import { openLog } from '../../src/observe/log.ts';
import { readEnvironment } from '../http/environment.ts';
import { startService } from '../http/process.ts';
import { environment } from './environment.ts';

/** Brings the database to this version's schema and lets the services in, then ends: a task before the services roll. */
startService(async () => {
  const task = readEnvironment(environment, process.env);
  const log = openLog({ service: task.SERVICE_NAME });
  const url = new URL(task.DATABASE_URL);
  url.username = encodeURIComponent(task.DATABASE_USER);
  url.password = encodeURIComponent(task.DATABASE_PASSWORD);
  await migrate(url.href);
  await admitUsers(url.href, task.DATABASE_USERS);
  log.info({ users: task.DATABASE_USERS }, 'migrated');
});
