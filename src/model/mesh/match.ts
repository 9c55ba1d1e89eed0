import { z } from 'zod';
import { regularExpression } from './regular-expression.ts';
import { atMostOneOf, type Complaint, choice, exactlyOneOf, rule, structure } from './schema.ts';
import { httpPath, port, serviceName, text, whole } from './terms.ts';

const valueText = text(1, 255);
const rangeEnd = whole(Number.MIN_SAFE_INTEGER);

const range = structure('MatchRange', { start: rangeEnd, end: rangeEnd }).superRefine(
  ...rule(function* ({ start, end }) {
    if (typeof start === 'number' && typeof end === 'number' && start >= end) {
      yield { path: ['end'], found: end, allowed: `more than ${start}, the start` };
    }
  }),
);

/** How the value of a header or of gRPC metadata is compared; a range holds its start and not its end. */
const valueMatch = (name: string) =>
  choice(name, { exact: valueText, prefix: valueText, suffix: valueText, regex: regularExpression, range });

function condition(name: string, matchName: string) {
  return structure(name, {
    name: text(1, 50),
    invert: z.boolean().optional(),
    /** Without it, the header must be there. */
    match: valueMatch(matchName).optional(),
  });
}

/** Conditions on headers. */
export const headers = z.array(condition('HttpRouteHeader', 'HeaderMatchMethod')).min(1).max(10);

/** Conditions on gRPC metadata. */
export const metadata = z
  .array(condition('GrpcRouteMetadata', 'GrpcRouteMetadataMatchMethod'))
  .min(1)
  .max(10);

/** A whole path, or a regular expression over one. */
export const path = structure('HttpPathMatch', {
  exact: httpPath.optional(),
  regex: regularExpression.optional(),
}).superRefine(...rule(exactlyOneOf(['exact', 'regex'])));

/** The beginning of a path. */
export const prefix = z.string().regex(/^\//, "a path that starts with '/'");

/** Conditions on query parameters; without a match, the parameter must be there. */
export const queryParameters = z
  .array(
    structure('HttpQueryParameter', {
      name: z.string().min(1),
      match: structure('QueryParameterMatch', { exact: z.string().optional() }).optional(),
    }),
  )
  .min(1)
  .max(10);

/** A method of HTTP. */
export const method = z.enum([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

/** The host a request to a gateway is for: the whole name, or how it ends. */
export const hostnameMatch = structure('GatewayRouteHostnameMatch', {
  exact: text(1, 253).optional(),
  suffix: text(1, 253).optional(),
}).superRefine(...rule(exactlyOneOf(['exact', 'suffix'])));

/** Which requests an HTTP route is for; without a prefix and a path, requests for every path. */
export const httpRouteMatch = structure('HttpRouteMatch', {
  prefix: prefix.optional(),
  path: path.optional(),
  queryParameters: queryParameters.optional(),
  method: method.optional(),
  scheme: z.enum(['http', 'https']).optional(),
  headers: headers.optional(),
  port: port.optional(),
}).superRefine(...rule(atMostOneOf(['prefix', 'path'])));

/** Which calls a gRPC route is for. */
export const grpcRouteMatch = structure('GrpcRouteMatch', {
  serviceName: serviceName.optional(),
  methodName: text(1, 50).optional(),
  metadata: metadata.optional(),
  port: port.optional(),
}).superRefine(...rule(methodOfService));

/** Which connections a TCP route is for. */
export const tcpRouteMatch = structure('TcpRouteMatch', { port: port.optional() });

/** Which requests an HTTP gateway route is for; without a prefix and a path, requests for every path. */
export const httpGatewayRouteMatch = structure('HttpGatewayRouteMatch', {
  prefix: prefix.optional(),
  path: path.optional(),
  queryParameters: queryParameters.optional(),
  method: method.optional(),
  hostname: hostnameMatch.optional(),
  headers: headers.optional(),
  port: port.optional(),
}).superRefine(...rule(atMostOneOf(['prefix', 'path'])));

/** Which calls a gRPC gateway route is for. */
export const grpcGatewayRouteMatch = structure('GrpcGatewayRouteMatch', {
  serviceName: serviceName.optional(),
  hostname: hostnameMatch.optional(),
  metadata: metadata.optional(),
  port: port.optional(),
});

/** Which requests an HTTP route is for. */
export type HttpRouteMatch = z.infer<typeof httpRouteMatch>;

/** Which calls a gRPC route is for. */
export type GrpcRouteMatch = z.infer<typeof grpcRouteMatch>;

/** Which requests an HTTP gateway route is for. */
export type HttpGatewayRouteMatch = z.infer<typeof httpGatewayRouteMatch>;

/** Which calls a gRPC gateway route is for. */
export type GrpcGatewayRouteMatch = z.infer<typeof grpcGatewayRouteMatch>;

/** A condition on a header or on gRPC metadata. */
export type HeaderMatch = z.infer<typeof headers>[number];

function* methodOfService(match: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  if (match.methodName !== undefined && match.serviceName === undefined) {
    yield { path: ['serviceName'], allowed: 'the service that has the method' };
  }
}
