import { limits } from '../../model/limits.ts';
import type { Answer } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import { type GatewayResponseType, gatewayResponse } from '../gateway-response.ts';
import type { FaultReason } from './definition.ts';
import { proxyEvent } from './proxy-event.ts';
import { answerOf } from './proxy-result.ts';
import type { FunctionRuntime } from './runtime.ts';

/**
 * What the vendor answers for a function without a result: of its own time limit it says the same as of any other
 * error, and only the API's limit is a time-out.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
 */
const faults: Readonly<Record<FaultReason, GatewayResponseType>> = {
  error: 'BAD_GATEWAY',
  timeout: 'BAD_GATEWAY',
  memory: 'BAD_GATEWAY',
  size: 'BAD_GATEWAY',
  concurrency: 'DEFAULT_5XX',
};

/** Hands a request to a function and answers what comes back. A client that leaves does not stop the function. */
export async function integrateFunction(
  exchange: Exchange,
  name: string,
  runtime: FunctionRuntime,
): Promise<Answer> {
  const content = await contentOf(exchange);
  if (content === 'broken') return gatewayResponse('BAD_REQUEST');
  const event = content === 'too-long' ? '' : proxyEvent(exchange, content);
  if (content === 'too-long' || Buffer.byteLength(event) > limits.functionPayload.value)
    return { ...gatewayResponse('REQUEST_TOO_LARGE'), close: true };
  const { gateway } = exchange.deployment.configuration.plan;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), gateway.integrationTimeout);
  const outcome = await Promise.race([
    runtime.invoke(name, { requestId: exchange.requestId, event }),
    late.promise,
  ]);
  clearTimeout(timer);
  if (outcome === 'late') return gatewayResponse('INTEGRATION_TIMEOUT');
  if (outcome.kind === 'fault') return gatewayResponse(faults[outcome.reason]);
  const context = {
    accept: exchange.request.headers.accept,
    binaryMediaTypes: gateway.binaryMediaTypes,
  };
  return answerOf(JSON.parse(outcome.text), context) ?? gatewayResponse('BAD_GATEWAY');
}

/** The whole body; what lies beyond the limit is not kept. */
async function contentOf({ request }: Exchange): Promise<Buffer | 'too-long' | 'broken'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > limits.functionPayload.value) return 'too-long';
      chunks.push(chunk as Buffer);
    }
  } catch {
    return 'broken';
  }
  return Buffer.concat(chunks);
}
