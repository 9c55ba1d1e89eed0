import type { Settings, Value } from '../settings.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** A method as the template has it, and the route it belongs to: the path before any variable. */
interface Method {
  readonly route: string;
  readonly path: string;
  readonly name: string;
  readonly properties: Properties;
  /** Its own settings in the stage. */
  readonly settings: Properties;
}

/** What the templates say of the gateway. */
export function gatewaySettings(templates: Templates): Settings {
  const methods = methodsIn(templates);
  const routes = new Map<string, Method[]>();
  for (const method of methods) routes.set(method.route, [...(routes.get(method.route) ?? []), method]);
  return {
    'gateway.name': String(resourceOf(templates, 'api', 'AWS::ApiGateway::RestApi').Name),
    'gateway.integrationTimeout': same(methods, ({ properties }) => integration(properties).TimeoutInMillis),
    'gateway.binaryMediaTypes': (resourceOf(templates, 'api', 'AWS::ApiGateway::RestApi').BinaryMediaTypes ??
      []) as string[],
    ...refreshSettings(templates),
    ...sizeSettings(templates),
    ...Object.assign({}, ...[...routes].map(([path, own]) => routeSettings(templates, path, own))),
  };
}

function routeSettings(templates: Templates, path: string, methods: readonly Method[]): Settings {
  const at = `gateway.routes.${path}`;
  const base = methods.filter((method) => method.path === path);
  const kept = methods.filter(({ settings }) => settings.CachingEnabled === true);
  const authorizers = resourcesOf(templates, 'gateway', 'AWS::ApiGateway::Authorizer');
  return {
    [`${at}.path`]: path,
    [`${at}.methods`]: base.map(({ name }) => name).toSorted(),
    [`${at}.throttle.rate`]: same(methods, ({ settings }) => settings.ThrottlingRateLimit),
    [`${at}.throttle.burst`]: same(methods, ({ settings }) => settings.ThrottlingBurstLimit),
    [`${at}.cache.ttl`]:
      kept.length === 0 ? 0 : Number(same(kept, ({ settings }) => settings.CacheTtlInSeconds)) * 1000,
    [`${at}.cache.query`]: kept.length === 0 ? [] : queryOf(kept),
    ...authSettings(at, methods, authorizers),
    ...functionSettings(templates, at, methods),
  };
}

function authSettings(
  at: string,
  methods: readonly Method[],
  authorizers: Readonly<Record<string, Properties>>,
): Settings {
  if (methods.every(({ properties }) => properties.AuthorizationType === 'NONE')) {
    return { [`${at}.auth.mode`]: 'none', [`${at}.auth.ttl`]: 0 };
  }
  const authorizer = ({ properties }: Method) =>
    authorizers[(properties.AuthorizerId as { readonly Ref: string }).Ref] ?? {};
  return {
    [`${at}.auth.mode`]: same(methods, (method) =>
      authorizer(method).IdentitySource ? 'required' : 'optional',
    ),
    [`${at}.auth.ttl`]: same(
      methods,
      (method) => Number(authorizer(method).AuthorizerResultTtlInSeconds) * 1000,
    ),
    [`${at}.auth.type`]: same(methods, (method) => authorizer(method).Type),
  };
}

/** The function that a route's methods call, without the platform's name in front; nothing of a route to a service. */
function functionSettings(templates: Templates, at: string, methods: readonly Method[]): Settings {
  const functions = resourcesOf(templates, 'gateway', 'AWS::Lambda::Function');
  const called = methods.map(({ properties }) => {
    const { Type, Uri } = integration(properties);
    const id = Object.keys(functions).find((each) => JSON.stringify(Uri ?? '').includes(`"${each}"`));
    return Type === 'AWS_PROXY' && id ? functionName(functions[id] ?? {}) : '';
  });
  const [name = '', ...more] = new Set(called);
  return name === '' && more.length === 0 ? {} : { [`${at}.function`]: more.length === 0 ? name : called };
}

function functionName({ FunctionName }: Properties): string {
  return String(FunctionName).replace(/^cloud-native-/, '');
}

/** The size and the time of each function that a route calls. */
function sizeSettings(templates: Templates): Settings {
  const functions = Object.values(resourcesOf(templates, 'gateway', 'AWS::Lambda::Function'));
  const own = functions.filter((each) => !['authorizer'].includes(functionName(each)) && each.FunctionName);
  return Object.fromEntries(
    own.flatMap((each) => {
      const at = `gateway.functions.${functionName(each)}`;
      return [
        [`${at}.memory`, Number(each.MemorySize)],
        [`${at}.timeout`, Number(each.Timeout) * 1000],
      ];
    }),
  );
}

/** The query parameters in the key of the answers that are kept. */
function queryOf(kept: readonly Method[]): string[] {
  const keys = kept.map(({ properties }) => (integration(properties).CacheKeyParameters ?? []) as string[]);
  const names = keys.flat().flatMap((key) => /^method\.request\.querystring\.(.*)$/.exec(key)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

/** Set by a call where the template has one, and else the vendor's own default, for which there is no property. */
function refreshSettings(templates: Templates): Settings {
  const [call] = Object.values(resourcesOf(templates, 'gateway', 'Custom::AWS'));
  const [, unauthorized = 'SUCCEED_WITH_RESPONSE_HEADER'] =
    /unauthorizedCacheControlHeaderStrategy.*?((?:FAIL|SUCCEED)_\w+)/.exec(JSON.stringify(call) ?? '') ?? [];
  return { 'gateway.cacheRefresh.unauthorized': unauthorized };
}

function methodsIn(templates: Templates): Method[] {
  const resources = resourcesOf(templates, 'gateway', 'AWS::ApiGateway::Resource');
  const { MethodSettings } = resourceOf(templates, 'gateway', 'AWS::ApiGateway::Stage');
  const pathOf = (reference: unknown): string => {
    const { PathPart, ParentId } = resources[(reference as { readonly Ref?: string }).Ref ?? ''] ?? {};
    return PathPart === undefined ? '' : `${pathOf(ParentId)}/${PathPart}`;
  };
  return Object.values(resourcesOf(templates, 'gateway', 'AWS::ApiGateway::Method')).map((properties) => {
    const path = pathOf(properties.ResourceId);
    const name = String(properties.HttpMethod);
    const settings = (MethodSettings as readonly Properties[]).find(
      ({ ResourcePath, HttpMethod }) =>
        HttpMethod === name && ResourcePath === `/${path.replaceAll('/', '~1')}`,
    );
    return { route: path.replace(/\/\{.*$/, ''), path, name, properties, settings: settings ?? {} };
  });
}

function integration(properties: Properties): Properties {
  return properties.Integration as Properties;
}

/** What is the same of all; where it is not, all of it, which then equals nothing. */
function same(methods: readonly Method[], read: (method: Method) => unknown): Value {
  const values = [...new Set(methods.map(read))];
  return values.length === 1 ? (values[0] as Value) : values.map(String);
}
