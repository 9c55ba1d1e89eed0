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

/** Bytes of all bodies that wait for a function or are with one; what would go beyond is throttled. */
const heldLimit = 48 * 1024 * 1024;

/** What became of a request's body. */
type Content = Buffer | 'too-long' | 'too-many' | 'broken';

const refusals: Readonly<Record<Exclude<Content, Buffer>, Answer>> = {
  'too-long': { ...gatewayResponse('REQUEST_TOO_LARGE'), close: true },
  'too-many': { ...gatewayResponse('THROTTLED'), close: true },
  broken: gatewayResponse('BAD_REQUEST'),
};

/**
 * Hands requests to functions and answers what comes back. A client that leaves does not stop a function, and nothing
 * is tried again.
 */
export function createFunctionIntegration(
  runtime: FunctionRuntime,
): (exchange: Exchange, name: string) => Promise<Answer> {
  let held = 0;

  /** The whole body, of which each byte counts as held. */
  async function contentOf({ request }: Exchange, hold: (bytes: number) => void): Promise<Content> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false })) {
        size += (chunk as Buffer).length;
        if (size > limits.functionPayload.value) return 'too-long';
        if (held + (chunk as Buffer).length > heldLimit) return 'too-many';
        hold((chunk as Buffer).length);
        chunks.push(chunk as Buffer);
      }
    } catch {
      return 'broken';
    }
    return Buffer.concat(chunks);
  }

  async function invoke(exchange: Exchange, name: string, content: Buffer): Promise<Answer> {
    const event = proxyEvent(exchange, content);
    if (Buffer.byteLength(event) > limits.functionPayload.value) return refusals['too-long'];
    const { gateway } = exchange.deployment.configuration.plan;
    const late = Promise.withResolvers<'late'>();
    const patience = new AbortController();
    const timer = setTimeout(() => {
      late.resolve('late');
      patience.abort();
    }, gateway.integrationTimeout);
    const invocation = { requestId: exchange.requestId, event };
    const answered = runtime.invoke(name, invocation, patience.signal);
    const outcome = await Promise.race([answered, late.promise]);
    clearTimeout(timer);
    if (outcome === 'late') return gatewayResponse('INTEGRATION_TIMEOUT');
    if (outcome.kind === 'fault') return gatewayResponse(faults[outcome.reason]);
    const { accept } = exchange.request.headers;
    const context = { accept, binaryMediaTypes: gateway.binaryMediaTypes };
    return answerOf(JSON.parse(outcome.text), context) ?? gatewayResponse('BAD_GATEWAY');
  }

  return async (exchange, name) => {
    let own = 0;
    try {
      const content = await contentOf(exchange, (bytes) => {
        own += bytes;
        held += bytes;
      });
      return typeof content === 'string' ? refusals[content] : await invoke(exchange, name, content);
    } finally {
      held -= own;
    }
  };
}
