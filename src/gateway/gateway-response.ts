import type { Answer } from './answer.ts';

/**
 * One of the vendor's own answers: what a client gets when the gateway, not the service, decides.
 * Types and statuses: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
interface GatewayResponse {
  readonly status: number;
  /** Value of `x-amzn-ErrorType`. */
  readonly type: string;
  /** `$context.error.messageString` of the default template. */
  readonly message: string | null;
}

/** Every answer of the gateway's own, named as the vendor names its gateway response types. */
const gatewayResponses = {
  BAD_REQUEST: { status: 400, type: 'BadRequestException', message: 'Bad Request' },
  /** Thrown `Unauthorized`, or no identity source. */
  UNAUTHORIZED: { status: 401, type: 'UnauthorizedException', message: 'Unauthorized' },
  ACCESS_DENIED: {
    status: 403,
    type: 'AccessDeniedException',
    message: 'User is not authorized to access this resource',
  },
  ACCESS_DENIED_EXPLICITLY: {
    status: 403,
    type: 'AccessDeniedException',
    message: 'User is not authorized to access this resource with an explicit deny',
  },
  /** A path or method the API does not have; the vendor has no 404 or 405 of its own. */
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    type: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
  /** Refusal of a `max-age=0` under FAIL_WITH_403. */
  CACHE_REFRESH_DENIED: {
    status: 403,
    type: 'AccessDeniedException',
    message: 'User is not authorized to invalidate the cache',
  },
  REQUEST_TIMEOUT: { status: 408, type: 'BadRequestException', message: 'Request Timeout' },
  REQUEST_TOO_LARGE: { status: 413, type: 'RequestTooLargeException', message: 'Request Too Long' },
  EXPECTATION_FAILED: { status: 417, type: 'BadRequestException', message: 'Expectation Failed' },
  THROTTLED: { status: 429, type: 'TooManyRequestsException', message: 'Too Many Requests' },
  REQUEST_HEADERS_TOO_LARGE: {
    status: 431,
    type: 'RequestTooLargeException',
    message: 'Request Header Fields Too Large',
  },
  /** The vendor's message for an authorizer that failed is null. */
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    type: 'AuthorizerConfigurationException',
    message: null,
  },
  DEFAULT_5XX: { status: 500, type: 'InternalServerErrorException', message: 'Internal server error' },
  /** A function that failed, or whose result is malformed. */
  BAD_GATEWAY: { status: 502, type: 'InternalServerErrorException', message: 'Internal server error' },
  INTEGRATION_FAILURE: {
    status: 504,
    type: 'InternalServerErrorException',
    message: 'Network error communicating with endpoint',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    type: 'InternalServerErrorException',
    message: 'Endpoint request timed out',
  },
} as const satisfies Record<string, GatewayResponse>;

/** Name of one of the gateway's own answers. */
export type GatewayResponseType = keyof typeof gatewayResponses;

const answers = Object.fromEntries(
  Object.entries(gatewayResponses).map(([name, { status, type, message }]) => [
    name,
    answerOf(status, type, message),
  ]),
) as Record<GatewayResponseType, Answer>;

/** The complete answer for one of the vendor's response types; the same object each time. */
export function gatewayResponse(type: GatewayResponseType): Answer {
  return answers[type];
}

/** The answer as bytes, for a connection whose request could not even be parsed. */
export function rawGatewayResponse(type: GatewayResponseType, requestId: string): string {
  const { status, headers, body } = answers[type];
  const lines = [`HTTP/1.1 ${status} ${gatewayResponses[type].message ?? ''}`];
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`);
  lines.push(`x-amzn-RequestId: ${requestId}`, 'Connection: close');
  return `${lines.join('\r\n')}\r\n\r\n${body.toString()}`;
}

function answerOf(status: number, type: string, message: string | null): Answer {
  const body = JSON.stringify({ message });
  const headers = [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(body.length),
    'x-amzn-ErrorType',
    type,
  ];
  return { status, headers, body };
}
