import { setTimeout as delay } from 'node:timers/promises';
import { credentialSource } from '../../src/data/account/credentials.ts';
import { openSecrets } from '../../src/data/account/secrets.ts';
import { openLog } from '../../src/observe/log.ts';
import { readEnvironment } from '../http/environment.ts';
import { startService } from '../http/process.ts';
import { environment } from './environment.ts';
import { materialOf, writeMaterial } from './files.ts';
import { serveReadiness } from './readiness.ts';

/** Milliseconds until a look that found nothing is repeated. */
const impatience = 1000;

/** Keeps the certificate of the proxy beside it as it is in the secret, which is rotated there. */
startService(async () => {
  const task = readEnvironment(environment, process.env);
  const log = openLog({ service: task.SERVICE_NAME });
  const secrets = openSecrets({
    region: task.AWS_REGION,
    credentials: credentialSource(process.env),
    endpoint: task.AWS_ENDPOINT_URL,
  });
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort());
  const readiness =
    task.READINESS_PORT === undefined || task.PROXY_ADMIN_URL === undefined
      ? undefined
      : serveReadiness(task.READINESS_PORT, task.PROXY_ADMIN_URL);

  let written: string | undefined;
  while (!stopping.signal.aborted) {
    try {
      const text = await secrets.read(task.CERTIFICATE_SECRET, 'AWSCURRENT');
      const material = materialOf(text);
      if (material === undefined) log.warn('the secret holds no certificate yet');
      else if (text !== written) {
        await writeMaterial(task.CERTIFICATE_FOLDER, material);
        written = text;
        log.info('the certificate was written');
      }
    } catch (error) {
      log.warn({ error: String(error) }, 'the secret could not be read; it will be tried again');
    }
    const pause = written === undefined ? impatience : task.CERTIFICATE_PERIOD;
    await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
  }
  readiness?.close();
  await secrets.close();
});
