import type { CfnMethod } from 'aws-cdk-lib/aws-apigateway';
import { isCached, type MethodDefinition, variablesOf } from './methods.ts';

/** Where the API's requests go: the load balancer in front of the mesh, through a VPC link, and functions. */
export interface IntegrationTarget {
  readonly vpcLinkId: string;
  readonly loadBalancerArn: string;
  /** Scheme and authority, such as `https://internal.example:443`. */
  readonly url: string;
  /** By a function's name, where it is called. */
  readonly functions: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  /** Whether answers carry the headers that explain them. */
  readonly explain: boolean;
}

/** What of a client's header fields does not go on: the token stays here, and a client's trace is not continued. */
const withheld = ['authorization', 'traceparent', 'x-origin-verify'];

/** Statuses a service or the mesh answers with, beside those its document names. */
const statuses = ['200', '400', '404', '429', '500', '502', '503', '504'];

/** Header fields that may be kept with an answer, beside those the service's document names. */
const shared = ['cache-control', 'content-type', 'etag', 'last-modified', 'retry-after', 'vary'];

/**
 * How a method's request gets to the service. Everything passes as it came, but for what the gateway itself says. An
 * answer that is kept for everyone is asked for with what is in its key alone, so that no header and no parameter of
 * one client decides what others get; the vendor keeps refusals, too.
 * Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function integrationOf(
  method: MethodDefinition,
  { vpcLinkId, loadBalancerArn, url, functions, timeout, explain }: IntegrationTarget,
): CfnMethod.IntegrationProperty {
  const { function: name } = method.route;
  if (name !== undefined) {
    // A function is always called by POST, whatever the client's method.
    return {
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: functions[name] ?? '',
      timeoutInMillis: timeout,
      passthroughBehavior: 'WHEN_NO_MATCH',
    };
  }
  const common = {
    integrationHttpMethod: method.name,
    uri: `${url}${method.path.replace('+}', '}')}`,
    connectionType: 'VPC_LINK',
    connectionId: vpcLinkId,
    integrationTarget: loadBalancerArn,
    timeoutInMillis: timeout,
    passthroughBehavior: 'WHEN_NO_MATCH',
  };
  const path = variablesOf(method.path).map((name) => `path.${name}`);
  if (!isCached(method)) {
    return {
      ...common,
      type: 'HTTP_PROXY',
      requestParameters: {
        ...passed(path),
        ...ownHeaders,
        'integration.request.header.x-strata-principal': 'context.authorizer.principalId',
        'integration.request.header.x-strata-role': 'context.authorizer.role',
        ...Object.fromEntries(withheld.map((name) => [`integration.request.header.${name}`, "'withheld'"])),
      },
    };
  }
  const key = [...path, ...method.route.cache.query.map((name) => `querystring.${name}`)];
  const headers = sharedHeaders(method, explain);
  return {
    ...common,
    type: 'HTTP',
    requestParameters: { ...passed(key), ...ownHeaders },
    cacheKeyParameters: key.map((name) => `method.request.${name}`),
    integrationResponses: statusesOf(method).map((statusCode) => ({
      statusCode,
      selectionPattern: statusCode,
      responseParameters: Object.fromEntries(
        headers.map((name) => [`method.response.header.${name}`, `integration.response.header.${name}`]),
      ),
    })),
  };
}

/** What a method declares of its requests: whether each parameter has to be there. */
export function requestParametersOf(method: MethodDefinition): Record<string, boolean> {
  const parameters: Record<string, boolean> = {};
  for (const name of variablesOf(method.path)) parameters[`method.request.path.${name}`] = true;
  if (isCached(method)) {
    for (const name of method.route.cache.query) parameters[`method.request.querystring.${name}`] = false;
  }
  for (const { in: place, name, required = false } of method.operation?.parameters ?? []) {
    if (place === 'query') parameters[`method.request.querystring.${name}`] = required;
    if (place === 'header' && required) parameters[`method.request.header.${name}`] = true;
  }
  return parameters;
}

/** The answers a kept method declares; a proxied one declares none. */
export function methodResponsesOf(
  method: MethodDefinition,
  explain: boolean,
): CfnMethod.MethodResponseProperty[] | undefined {
  if (!isCached(method)) return undefined;
  const responseParameters = Object.fromEntries(
    sharedHeaders(method, explain).map((name) => [`method.response.header.${name}`, false]),
  );
  return statusesOf(method).map((statusCode) => ({ statusCode, responseParameters }));
}

const ownHeaders = { 'integration.request.header.x-request-id': 'context.requestId' };

function passed(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`integration.request.${name}`, `method.request.${name}`]));
}

function statusesOf({ operation }: MethodDefinition): string[] {
  return [...new Set([...statuses, ...Object.keys(operation?.responses ?? {})])].sort();
}

function sharedHeaders({ operation }: MethodDefinition, explain: boolean): string[] {
  const documented = Object.values(operation?.responses ?? {}).flatMap(({ headers = {} }) =>
    Object.keys(headers).map((name) => name.toLowerCase()),
  );
  return [...new Set([...shared, ...documented, ...(explain ? ['server-timing'] : [])])].sort();
}
