import { CfnAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { type CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';
import { invocationOf } from './functions.ts';
import type { Route } from './methods.ts';

/** Finds a route's authorizer by what the route says of auth. */
export type AuthorizerOf = (auth: Route['auth']) => CfnAuthorizer;

/**
 * One function, and an authorizer for each way routes use it, because a time to live belongs to an authorizer: TOKEN
 * on the Authorization header where a token is required, REQUEST without identity source where it is optional, so
 * that it is called for each request.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function createAuthorizers(
  layer: Layer,
  { api, routes, authorize }: { api: Api; routes: readonly Route[]; authorize: CfnFunction },
): AuthorizerOf {
  const authorizers = new Map<string, CfnAuthorizer>();
  return (auth) => {
    const name = nameOf(auth, routes);
    const authorizer = authorizers.get(name) ?? createAuthorizer(layer, { name, auth, api, authorize });
    authorizers.set(name, authorizer);
    return authorizer;
  };
}

/** The name says the mode; the time as well where routes have several. */
function nameOf(auth: Route['auth'], routes: readonly Route[]): string {
  if (auth.mode === 'optional') return 'jwt-authorizer-optional';
  const first = routes.find((route) => route.auth.mode === 'required');
  return first?.auth.ttl === auth.ttl ? 'jwt-authorizer' : `jwt-authorizer-${auth.ttl / 1000}s`;
}

function createAuthorizer(
  layer: Layer,
  { name, auth, api, authorize }: { name: string; auth: Route['auth']; api: Api; authorize: CfnFunction },
): CfnAuthorizer {
  const authorizer = new CfnAuthorizer(layer, name, {
    restApiId: api.id,
    name,
    authorizerUri: invocationOf(layer, authorize.attrArn),
    authorizerResultTtlInSeconds: Math.round(auth.ttl / 1000),
    ...(auth.mode === 'required'
      ? { type: 'TOKEN', identitySource: 'method.request.header.Authorization' }
      : { type: 'REQUEST' }),
  });
  new CfnPermission(layer, `${name}-permission`, {
    action: 'lambda:InvokeFunction',
    principal: 'apigateway.amazonaws.com',
    functionName: authorize.attrArn,
    sourceArn: layer.formatArn({
      service: 'execute-api',
      resource: api.id,
      resourceName: `authorizers/${authorizer.ref}`,
    }),
  });
  return authorizer;
}
