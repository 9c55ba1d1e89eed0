import { Command, Option } from 'commander';
import { z } from 'zod';
import { StrataError } from '../kernel/errors.ts';
import { type Role, roles } from '../kernel/roles.ts';
import { clientIds } from '../security/user-pool/configuration.ts';
import { runningPlatform } from '../targets/local/run.ts';
import { readSecrets } from '../targets/local/secrets.ts';
import { project } from './project.ts';

const answerSchema = z.object({ AuthenticationResult: z.object({ AccessToken: z.string() }) });
const timeout = 5000;

/** `strata token`: an access token of the local user pool, and nothing else on standard output. */
export function tokenCommand(): Command {
  return new Command('token')
    .description('print an access token of the local user pool')
    .addOption(new Option('--role <role>', 'whose token').choices(roles).default('reader'))
    .addHelpText(
      'after',
      '\nExample:\n  curl -H "Authorization: Bearer $(strata token --role editor)" http://127.0.0.1:8080/api/v1/data',
    )
    .action(async ({ role }: { role: Role }) => {
      process.stdout.write(`${await accessToken(role)}\n`);
    });
}

/** Signs the role's user in. @throws StrataError not-running, child-failed */
export async function accessToken(role: Role): Promise<string> {
  const endpoint = runningPlatform(project)?.connections?.identity.endpoint;
  const password = readSecrets(project)?.users[role];
  if (endpoint === undefined || password === undefined) throw new StrataError('not-running');
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientIds.commandLine,
        AuthParameters: { USERNAME: role, PASSWORD: password },
      }),
      signal: AbortSignal.timeout(timeout),
    });
    return answerSchema.parse(await response.json()).AuthenticationResult.AccessToken;
  } catch (error) {
    const reason = 'it gave no token';
    throw new StrataError('child-failed', { component: 'identity', reason }, { cause: error });
  }
}
