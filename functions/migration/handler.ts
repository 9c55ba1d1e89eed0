import { credentialSource } from '../../src/data/account/credentials.ts';
import { openTasks } from '../../src/data/account/tasks.ts';
import { answer, customResourceEvent } from './event.ts';
import { runMigration } from './run.ts';

/** Below the function's own longest time, so that CloudFormation always hears how it went. */
const patience = { task: 600_000, rights: 120_000, pause: 2_000 };

/** Migrates the database before the services that need it roll: a custom resource they depend on. */
export async function handler(event: unknown): Promise<void> {
  const request = customResourceEvent.parse(event);
  if (request.RequestType === 'Delete') return answer(request);
  try {
    const credentials = credentialSource(process.env);
    const region = process.env.AWS_REGION ?? '';
    await runMigration(
      openTasks({ region, credentials, endpoint: process.env.AWS_ENDPOINT_URL }),
      request,
      patience,
    );
  } catch (error) {
    return answer(request, error instanceof Error ? error.message : String(error));
  }
  return answer(request);
}
