import { Transform } from 'node:stream';
import { limits } from '../model/limits.ts';
import type { Answer } from './answer.ts';
import type { Exchange, Stage } from './exchange.ts';
import { createFunctionIntegration } from './functions/integrate.ts';
import type { FunctionRuntime } from './functions/runtime.ts';
import { gatewayResponse } from './gateway-response.ts';
import type { Integration } from './integration.ts';
import { integrationHeaders } from './request-headers.ts';

/** A body that turned out longer than the vendor takes. */
class BodyTooLong extends Error {}

/**
 * Sends the request on to the route's function or service and answers what comes back. A client that leaves cancels the
 * call of a service. Nothing is tried again here: the mesh is the one layer that retries.
 */
export function createIntegrateStage({
  integration,
  functions,
}: {
  readonly integration: Integration;
  readonly functions: FunctionRuntime;
}): Stage {
  const integrateFunction = createFunctionIntegration(functions);
  return (exchange) => {
    const { function: name } = exchange.route.plan;
    if (name !== undefined) return integrateFunction(exchange, name);
    const { request, response, path, query, method } = exchange;
    const body = bodyOf(exchange);
    const call = integration.send({
      method: method.name,
      path: query === '' ? path : `${path}?${query}`,
      headers: integrationHeaders(exchange),
      ...(body ? { body } : {}),
    });
    response.once('close', call.cancel);
    return call.answer.then((answer): Answer => {
      if (body?.errored instanceof BodyTooLong)
        return { ...gatewayResponse('REQUEST_TOO_LARGE'), close: true };
      return request.complete ? answer : { ...answer, close: true };
    });
  };
}

/** The request's body as a stream that ends with an error beyond the vendor's limit; undefined without a body. */
function bodyOf({ request }: Exchange): Transform | undefined {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return undefined;
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limits.gatewayPayload.value) done(new BodyTooLong());
      else done(null, chunk);
    },
  });
  // Whoever reads it hears of the error as well; without a listener here it would be thrown.
  counted.on('error', () => undefined);
  request.once('close', () => {
    if (!request.complete) counted.destroy();
  });
  return request.pipe(counted);
}
