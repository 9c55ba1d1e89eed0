import { openLog } from '../../src/observe/log.ts';
import { createApplication } from '../http/application.ts';
import { startService } from '../http/process.ts';
import { addDataRoutes, type DataContext } from './data-routes.ts';
import { addDocument } from './openapi.ts';
import { addSecureRoutes, type SecureContext } from './secure-routes.ts';

/**
 * Prints the OpenAPI document of the service's routes. They are only described, never called, so nothing is opened.
 * Argument: bytes of one entity's attributes as JSON.
 */
startService(async () => {
  const maxAttributes = Number(process.argv[2]);
  if (!Number.isInteger(maxAttributes) || maxAttributes < 1)
    throw new Error('usage: document.ts BYTES, the size one entity may have');
  const { app } = createApplication({
    log: openLog({ service: 'document', task: 'document' }),
    bodyLimit: 1,
  });
  await addDocument(app);
  addDataRoutes(app, {} as DataContext);
  addSecureRoutes(app, { maxAttributes } as SecureContext);
  await app.ready();
  process.stdout.write(JSON.stringify(app.swagger()));
});
