import { requestEvent } from '../authorizer-event.ts';
import type { Exchange } from '../exchange.ts';
import { grouped, last, pairsOf } from '../request-fields.ts';
import { functionHeaders } from '../request-headers.ts';
import { isBinary } from './media-type.ts';

/**
 * The event of a Lambda proxy integration, payload format 1.0, as JSON.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(exchange: Exchange, content: Buffer): string {
  const { request, query, caller, deployment } = exchange;
  const { resource, path, httpMethod, pathParameters, requestContext } = requestEvent(exchange);
  const headers = pairsOf(functionHeaders(exchange));
  const parameters = [...new URLSearchParams(query)] as [string, string][];
  const { binaryMediaTypes } = deployment.configuration.plan.gateway;
  const bytes = isBinary(request.headers['content-type'], binaryMediaTypes);
  return JSON.stringify({
    resource,
    path,
    httpMethod,
    headers: last(headers),
    multiValueHeaders: grouped(headers),
    queryStringParameters: orNull(last(parameters)),
    multiValueQueryStringParameters: orNull(grouped(parameters)),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      ...requestContext,
      protocol: `HTTP/${request.httpVersion}`,
      requestTimeEpoch: Date.now(),
      ...(caller.principal === undefined
        ? {}
        : { authorizer: { principalId: caller.principal, role: caller.role } }),
    },
    body: content.length === 0 ? null : content.toString(bytes ? 'base64' : 'utf8'),
    isBase64Encoded: bytes && content.length > 0,
  });
}

/** The vendor says null where there is nothing. */
function orNull<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> | null {
  return Object.keys(record).length === 0 ? null : record;
}
