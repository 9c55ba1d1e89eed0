import type { Exchange } from './exchange.ts';
import { grouped, last, pairsOf } from './request-fields.ts';

/**
 * What a Lambda authorizer is called with.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export type AuthorizerEvent = TokenAuthorizerEvent | RequestAuthorizerEvent;

/** Event of a TOKEN authorizer. */
export interface TokenAuthorizerEvent {
  readonly type: 'TOKEN';
  /** The identity source as it came: the whole Authorization header. */
  readonly authorizationToken: string;
  readonly methodArn: string;
}

/** Event of a REQUEST authorizer. */
export interface RequestAuthorizerEvent {
  readonly type: 'REQUEST';
  readonly methodArn: string;
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly queryStringParameters: Readonly<Record<string, string>>;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>>;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly stage: string;
    readonly requestId: string;
    readonly resourcePath: string;
    readonly httpMethod: string;
    readonly path: string;
    readonly identity: { readonly sourceIp: string; readonly userAgent: string | null };
  };
}

/**
 * An authorizer function: answers with the vendor's policy document, throws `Error('Unauthorized')` for 401;
 * anything else it throws, or an answer of another form, is 500. What it answers is checked, not trusted.
 */
export type Authorizer = (event: AuthorizerEvent) => unknown;

/** The ARN of the method that is called, with the path as it came. */
export function methodArn({ deployment, method, path }: Exchange): string {
  return `${deployment.arn}/${method.name}${path}`;
}

/** The event for the identity source of a route where a token is required. */
export function tokenEvent(exchange: Exchange, authorizationToken: string): TokenAuthorizerEvent {
  return { type: 'TOKEN', authorizationToken, methodArn: methodArn(exchange) };
}

/** The event for a whole request. */
export function requestEvent(exchange: Exchange): RequestAuthorizerEvent {
  return new WholeRequest(exchange);
}

/** The function is called for each request: what it does not look at is not made. */
class WholeRequest implements RequestAuthorizerEvent {
  readonly type = 'REQUEST';
  readonly methodArn: string;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.methodArn = methodArn(exchange);
    this.#exchange = exchange;
  }

  get resource(): string {
    const { path, route } = this.#exchange;
    return path === route.plan.path ? path : `${route.plan.path}/{proxy+}`;
  }

  get path(): string {
    return this.#exchange.path;
  }

  get httpMethod(): string {
    return this.#exchange.method.name;
  }

  get headers(): Record<string, string> {
    return last(pairsOf(this.#exchange.request.rawHeaders));
  }

  get multiValueHeaders(): Record<string, string[]> {
    return grouped(pairsOf(this.#exchange.request.rawHeaders));
  }

  get queryStringParameters(): Record<string, string> {
    return last(new URLSearchParams(this.#exchange.query));
  }

  get multiValueQueryStringParameters(): Record<string, string[]> {
    return grouped(new URLSearchParams(this.#exchange.query));
  }

  get pathParameters(): Record<string, string> {
    const { path, route } = this.#exchange;
    const proxy = path.slice(route.plan.path.length + 1);
    return proxy === '' ? {} : { proxy };
  }

  get stageVariables(): Record<string, string> {
    return {};
  }

  get requestContext(): RequestAuthorizerEvent['requestContext'] {
    const { request, requestId, deployment } = this.#exchange;
    return {
      accountId: '000000000000',
      apiId: deployment.configuration.plan.gateway.name,
      stage: 'local',
      requestId,
      resourcePath: this.resource,
      httpMethod: this.httpMethod,
      path: this.path,
      identity: {
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? null,
      },
    };
  }

  /** The event as plain data, for a function in another process. */
  toJSON(): RequestAuthorizerEvent {
    const { type, methodArn, resource, path, httpMethod, headers, multiValueHeaders } = this;
    const { queryStringParameters, multiValueQueryStringParameters, pathParameters } = this;
    const { stageVariables, requestContext } = this;
    return {
      type,
      methodArn,
      resource,
      path,
      httpMethod,
      headers,
      multiValueHeaders,
      queryStringParameters,
      multiValueQueryStringParameters,
      pathParameters,
      stageVariables,
      requestContext,
    };
  }
}
