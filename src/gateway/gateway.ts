import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../kernel/clock.ts';
import { StrataError } from '../kernel/errors.ts';
import type { Answer } from './answer.ts';
import type { Authorizer } from './authorizer-event.ts';
import type { GatewayConfiguration } from './configuration.ts';
import { type Deployment, deploy, noMethod, noRoute } from './deployment.ts';
import type { Exchange, Stage } from './exchange.ts';
import type { Prints } from './functions/environment.ts';
import { createFunctionRuntime } from './functions/runtime.ts';
import { gatewayResponse } from './gateway-response.ts';
import { requestIdentifier, traceContext } from './identifiers.ts';
import { Integration } from './integration.ts';
import { PolicyCache } from './policy-cache.ts';
import type { Recorder } from './record.ts';
import { respond } from './respond.ts';
import { ResponseCache } from './response-cache.ts';
import { createGatewayServer } from './server.ts';
import { createStages } from './stages.ts';

/** What a gateway is made of; what belongs to other layers is passed in by the target. */
export interface GatewayParts {
  readonly configuration: GatewayConfiguration;
  readonly authorize: Authorizer;
  readonly clock: Clock;
  /** The web ACL's stage. */
  readonly inspect?: Stage;
  readonly record?: Recorder;
  /** Takes what functions print. */
  readonly prints?: Prints;
}

/** A gateway: the API's stage on a port of this machine. */
export interface Gateway {
  /** Listens on the configuration's port; fails with `port-taken`. */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Goes on with another configuration from the next request on; the port stays. */
  update(configuration: GatewayConfiguration): void;
  /** Stops listening, finishes what is in flight, and closes every connection. */
  close(): Promise<void>;
}

/** How long `close` waits for what is in flight, in milliseconds: longer than any integration may take. */
const drainTimeout = 30_000;

/** Makes a gateway; it does nothing until it listens. */
export function createGateway(parts: GatewayParts): Gateway {
  const { configuration, authorize, clock, inspect, record, prints = () => undefined } = parts;
  let deployment: Deployment = deploy(configuration, clock.monotonic());
  let draining = false;
  const policies = new PolicyCache();
  const responses = new ResponseCache(configuration.plan.gateway.cacheSize);
  const integration = new Integration(targetOf(configuration));
  const functions = createFunctionRuntime(configuration.functions, prints);
  const stages = createStages({ inspect, authorize, policies, responses, integration, functions, clock });
  const server = createGatewayServer(handle);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    finish(begin(request, response), gatewayResponse('EXPECTATION_FAILED'));
  });

  function begin(request: IncomingMessage, response: ServerResponse): Exchange {
    return {
      request,
      response,
      deployment,
      startedAt: clock.monotonic(),
      requestId: requestIdentifier(),
      traceparent: traceContext(),
      path: request.url ?? '',
      query: '',
      authorization: undefined,
      cacheControl: undefined,
      route: noRoute,
      method: noMethod,
      caller: {},
      cache: undefined,
      warning: undefined,
    };
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange = begin(request, response);
    pass(exchange, 0);
  }

  /** Takes the exchange through the stages from one on; waits only for a stage that does. */
  function pass(exchange: Exchange, from: number): void {
    try {
      for (let index = from; index < stages.length; index++) {
        const outcome = stages[index]?.(exchange);
        if (outcome === undefined) continue;
        if (outcome instanceof Promise) {
          outcome
            .then((answer) => (answer === undefined ? pass(exchange, index + 1) : finish(exchange, answer)))
            .catch(() => fail(exchange));
        } else {
          finish(exchange, outcome);
        }
        return;
      }
    } catch {
      fail(exchange);
    }
  }

  /** What no stage foresaw: an answer that is under way already can only be broken off. */
  function fail(exchange: Exchange): void {
    if (exchange.response.headersSent) exchange.response.destroy();
    else finish(exchange, gatewayResponse('DEFAULT_5XX'));
  }

  function finish(exchange: Exchange, answer: Answer): void {
    const duration = clock.monotonic() - exchange.startedAt;
    if (!exchange.response.destroyed) respond(exchange, answer, duration, draining || answer.close === true);
    record?.({ status: answer.status, duration }, () => ({
      time: clock.now(),
      requestId: exchange.requestId,
      traceparent: exchange.traceparent,
      method: exchange.request.method ?? '',
      path: exchange.path.split('?', 1)[0] ?? '',
      route: exchange.route === noRoute ? undefined : exchange.route.plan.path,
      status: answer.status,
      duration,
      cache: exchange.cache,
    }));
  }

  return {
    async listen() {
      server.listen(configuration.port, '127.0.0.1');
      await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EADDRINUSE' ? portTaken(configuration.port, error) : error;
      });
      const { address, port } = server.address() as AddressInfo;
      return { host: address, port };
    },
    update(next) {
      deployment = deploy(next, clock.monotonic(), deployment);
      integration.update(targetOf(next));
      functions.update(next.functions);
      responses.resize(next.plan.gateway.cacheSize);
      policies.clear();
    },
    async close() {
      draining = true;
      const closed = once(server, 'close');
      server.close();
      const deadline = setTimeout(() => server.closeAllConnections(), drainTimeout);
      await closed;
      clearTimeout(deadline);
      await Promise.all([integration.close(), functions.close()]);
    },
  };
}

function targetOf({ ingress, plan }: GatewayConfiguration) {
  return { host: ingress.host, port: ingress.port, timeout: plan.gateway.integrationTimeout };
}

function portTaken(port: number, cause: Error): StrataError {
  const parameters = { component: 'gateway', port, owner: 'another process', alternative: port + 1000 };
  return new StrataError('port-taken', parameters, { cause });
}
