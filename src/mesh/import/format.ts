import type { SourceDocument } from './source.ts';

/** The forms in which App Mesh resources were written. */
export type DocumentFormat = 'cloudformation' | 'cli' | 'kubernetes';

/** Which form a document has; undefined when it has nothing to do with App Mesh, as far as its shape tells. */
export function formatOf({ value }: Pick<SourceDocument, 'value'>): DocumentFormat | undefined {
  if (!isObject(value)) return undefined;
  if (isTemplate(value)) return 'cloudformation';
  if (typeof value.apiVersion === 'string' && typeof value.kind === 'string') return 'kubernetes';
  return isSpecification(value) ? 'cli' : undefined;
}

/** Whether something is an object with names, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A template (the Serverless Framework keeps one under `resources`), the resources of one, or one of them. */
function isTemplate(value: Readonly<Record<string, unknown>>): boolean {
  return (
    'AWSTemplateFormatVersion' in value ||
    isObject(value.Resources) ||
    (isObject(value.resources) && isObject(value.resources.Resources)) ||
    isTypedResource(value) ||
    Object.values(value).some(isTypedResource)
  );
}

function isTypedResource(value: unknown): boolean {
  return isObject(value) && typeof value.Type === 'string' && /^\w+::\w+(::\w+)*$/.test(value.Type);
}

/** Members only App Mesh's own requests, answers and specs have. */
const telling = [
  'meshName',
  'virtualNodeName',
  'virtualServiceName',
  'virtualRouterName',
  'virtualGatewayName',
  'gatewayRouteName',
  'routeName',
  'egressFilter',
  'serviceDiscovery',
  'httpRoute',
  'http2Route',
  'grpcRoute',
  'tcpRoute',
  'virtualNode',
  'virtualService',
  'virtualRouter',
  'virtualGateway',
  'gatewayRoute',
];

/** Members of a request around its spec. */
const envelope = new Set(['spec', 'tags', 'clientToken', 'meshOwner']);

/** A request of `aws appmesh create-*` or `update-*`, the answer of a `describe-*`, or a bare spec. */
function isSpecification(value: Readonly<Record<string, unknown>>): boolean {
  if (telling.some((name) => name in value)) return true;
  const { listeners, provider, route, mesh, spec } = value;
  return (
    (Array.isArray(listeners) &&
      listeners.some((listener) => isObject(listener) && 'portMapping' in listener)) ||
    (isObject(provider) && ('virtualNode' in provider || 'virtualRouter' in provider)) ||
    [route, mesh].some((inner) => isObject(inner) && 'spec' in inner && 'meshName' in inner) ||
    (isObject(spec) && (isSpecification(spec) || Object.keys(value).every((name) => envelope.has(name))))
  );
}
