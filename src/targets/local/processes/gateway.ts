import { createAuthorizer } from '../../../../functions/authorizer/authorizer.ts';
import type { Authorizer, AuthorizerEvent } from '../../../gateway/authorizer-event.ts';
import type { GatewayConfiguration } from '../../../gateway/configuration.ts';
import { createGateway, type Gateway } from '../../../gateway/gateway.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { StrataError } from '../../../kernel/errors.ts';
import { createAccessLog } from './access-log.ts';
import { createFunctionLog } from './function-log.ts';

/** The gateway's process: what the supervisor sends configures it, the first time starting it. */
let gateway: Gateway | undefined;
let authorize: Authorizer | undefined;
let identity = '';
const prints = createFunctionLog(process.env.FUNCTION_LOGS ?? '.');

process.on('message', (message: { readonly type?: unknown; readonly configuration?: unknown }) => {
  if (message.type !== 'configure') return;
  configure(message.configuration as GatewayConfiguration).catch((error: unknown) => {
    const failure =
      error instanceof StrataError
        ? { code: error.code, parameters: error.parameters }
        : { code: 'child-failed', parameters: { component: 'gateway', reason: String(error) } };
    process.send?.({ type: 'failed', ...failure }, () => process.exit(1));
  });
});
process.on('SIGTERM', stop);
process.on('disconnect', stop);

async function configure(configuration: GatewayConfiguration): Promise<void> {
  authorizeWith(configuration.identity);
  // So that there is a log to look at before a function has printed anything.
  for (const name of Object.keys(configuration.functions)) prints(name, '');
  if (gateway) {
    gateway.update(configuration);
    process.send?.({ type: 'ready', address: { host: '127.0.0.1', port: configuration.port } });
    return;
  }
  gateway = createGateway({
    configuration,
    authorize: (event: AuthorizerEvent) => authorize?.(event),
    clock: systemClock,
    record: createAccessLog((text) => process.stdout.write(text)),
    prints,
  });
  process.send?.({ type: 'ready', address: await gateway.listen() });
}

/** One authorizer as long as the user pool is the same: it keeps the pool's keys. */
function authorizeWith({ issuer, clientIds, jwksUri }: GatewayConfiguration['identity']): void {
  const next = JSON.stringify([issuer, jwksUri, clientIds]);
  if (next === identity) return;
  identity = next;
  authorize = createAuthorizer({
    issuer,
    clientIds,
    jwks: { uri: jwksUri, fetch: (uri, options) => fetch(uri, { ...options, redirect: 'error' }) },
    clock: systemClock,
  }) as Authorizer;
}

function stop(): void {
  const closing = gateway?.close() ?? Promise.resolve();
  gateway = undefined;
  closing.finally(() => process.exit(0));
}
