import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseSpecification, type ResourceKind } from '../../../src/model/mesh/specification.ts';

/** Paths and what is allowed there, of all mistakes of a document. */
function mistakes(kind: ResourceKind, document: unknown): Record<string, string> {
  const found = parseSpecification(kind, document).mistakes;
  return Object.fromEntries(found.map(({ mistake }) => [mistake.path, mistake.allowed]));
}

const target = { weightedTargets: [{ virtualNode: 'a', weight: 1 }] };
const listener = { portMapping: { port: 80, protocol: 'http' } };
const found = { dns: { hostname: 'a.local' } };

describe("the API's own limits are kept, each with its page", () => {
  const cases: readonly [string, ResourceKind, unknown, Record<string, string>][] = [
    [
      'a port above 65535',
      'virtualRouter',
      { listeners: [{ portMapping: { port: 65_536, protocol: 'http' } }] },
      { 'listeners[0].portMapping.port': 'at most 65535' },
    ],
    [
      'a protocol App Mesh has not',
      'virtualGateway',
      { listeners: [{ portMapping: { port: 80, protocol: 'tcp' } }] },
      { 'listeners[0].portMapping.protocol': "'http', 'http2', 'grpc'" },
    ],
    [
      'an authority that is no ARN',
      'virtualNode',
      {
        backendDefaults: {
          clientPolicy: { tls: { validation: { trust: { acm: { certificateAuthorityArns: ['ca'] } } } } },
        },
      },
      {
        'backendDefaults.clientPolicy.tls.validation.trust.acm.certificateAuthorityArns[0]':
          "an ARN such as 'arn:aws:acm:…'",
      },
    ],
    ['a gateway without a listener', 'virtualGateway', { listeners: [] }, { listeners: 'at least 1 entry' }],
    [
      'a node that listens and cannot be found',
      'virtualNode',
      { listeners: [listener] },
      { serviceDiscovery: 'dns or awsCloudMap, for a node that listens' },
    ],
    [
      'two ways of discovery',
      'virtualNode',
      { serviceDiscovery: { ...found, awsCloudMap: { namespaceName: 'n', serviceName: 's' } } },
      { serviceDiscovery: 'exactly one of dns, awsCloudMap' },
    ],
    [
      'two listeners on one port',
      'virtualNode',
      { serviceDiscovery: found, listeners: [listener, listener] },
      { 'listeners[1].portMapping.port': 'a port that no other listener has' },
    ],
    [
      'a connection pool and a timeout of another protocol, and a health check of another port',
      'virtualNode',
      {
        serviceDiscovery: found,
        listeners: [
          {
            ...listener,
            connectionPool: { grpc: { maxRequests: 1 } },
            timeout: { tcp: { idle: { unit: 's', value: 1 } } },
            healthCheck: {
              protocol: 'http',
              path: '/',
              port: 81,
              intervalMillis: 4999,
              timeoutMillis: 60_001,
              healthyThreshold: 1,
              unhealthyThreshold: 11,
            },
          },
        ],
      },
      {
        'listeners[0].connectionPool.grpc': "http, the listener's protocol",
        'listeners[0].timeout.tcp': "http, the listener's protocol",
        'listeners[0].healthCheck.port': "80, the listener's port",
        'listeners[0].healthCheck.intervalMillis': 'at least 5000',
        'listeners[0].healthCheck.timeoutMillis': 'at most 60000',
        'listeners[0].healthCheck.healthyThreshold': 'at least 2',
        'listeners[0].healthCheck.unhealthyThreshold': 'at most 10',
      },
    ],
    [
      'a check by HTTP without a path',
      'virtualGateway',
      {
        listeners: [
          {
            ...listener,
            healthCheck: {
              protocol: 'http2',
              intervalMillis: 5000,
              timeoutMillis: 2000,
              healthyThreshold: 2,
              unhealthyThreshold: 2,
            },
          },
        ],
      },
      { 'listeners[0].healthCheck.path': "a path that starts with '/', for a check by HTTP" },
    ],
    [
      'an outlier detection that takes no time',
      'virtualNode',
      {
        serviceDiscovery: found,
        listeners: [
          {
            ...listener,
            outlierDetection: {
              maxServerErrors: 0,
              interval: { unit: 's', value: 0 },
              baseEjectionDuration: { unit: 'ms', value: 0 },
              maxEjectionPercent: 101,
            },
          },
        ],
      },
      {
        'listeners[0].outlierDetection.maxServerErrors': 'at least 1',
        'listeners[0].outlierDetection.interval.value': 'at least 1',
        'listeners[0].outlierDetection.baseEjectionDuration.value': 'at least 1',
        'listeners[0].outlierDetection.maxEjectionPercent': 'at most 100',
      },
    ],
    [
      'a log with one key twice, and one with two formats',
      'virtualGateway',
      {
        listeners: [listener],
        logging: {
          accessLog: {
            file: {
              path: '/dev/stdout',
              format: {
                text: 'x',
                json: [
                  { key: 'a', value: '1' },
                  { key: 'a', value: '2' },
                ],
              },
            },
          },
        },
      },
      {
        'logging.accessLog.file.format': 'exactly one of text, json',
        'logging.accessLog.file.format.json[1].key': 'a key that no other entry has',
      },
    ],
    [
      'TLS without a certificate, and client certificates trusted by ACM',
      'virtualNode',
      {
        serviceDiscovery: found,
        listeners: [
          {
            ...listener,
            tls: { mode: 'STRICT', validation: { trust: { acm: { certificateAuthorityArns: ['arn'] } } } },
          },
        ],
      },
      {
        'listeners[0].tls.certificate': 'an object',
        'listeners[0].tls.validation.trust': 'exactly one of file, sds',
        'listeners[0].tls.validation.trust.acm': 'no such field',
      },
    ],
    [
      'more authorities than three',
      'virtualGateway',
      {
        listeners: [listener],
        backendDefaults: {
          clientPolicy: {
            tls: {
              validation: {
                trust: { acm: { certificateAuthorityArns: ['arn:aws:acm-pca:r:1:ca/1', 'b', 'c', 'd'] } },
              },
            },
          },
        },
      },
      {
        'backendDefaults.clientPolicy.tls.validation.trust.acm.certificateAuthorityArns': 'at most 3 entries',
      },
    ],
    [
      'a route of no kind and of two kinds',
      'route',
      { priority: 1001 },
      {
        priority: 'at most 1000',
        'the document': 'exactly one of httpRoute, http2Route, grpcRoute, tcpRoute',
      },
    ],
    [
      'a route with two paths to match, a range the wrong way round, and a regular expression RE2 has not',
      'route',
      {
        httpRoute: {
          match: {
            prefix: '/',
            path: { exact: '/' },
            headers: [
              { name: 'x', match: { range: { start: 5, end: 5 } } },
              { name: 'y', match: { regex: '(?=a)' } },
              { name: 'z', match: { regex: '(' } },
              { name: 'q', match: { exact: 'a', prefix: 'b' } },
            ],
          },
          action: target,
        },
      },
      {
        'httpRoute.match': 'at most one of prefix, path',
        'httpRoute.match.headers[0].match.range.end': 'more than 5, the start',
        'httpRoute.match.headers[1].match.regex':
          'a regular expression without lookaround, which RE2 does not have',
        'httpRoute.match.headers[2].match.regex':
          'a regular expression whose brackets and repetitions are complete',
        'httpRoute.match.headers[3].match': 'exactly one of exact, prefix, suffix, regex, range',
      },
    ],
    [
      'a retry policy without an event',
      'route',
      {
        grpcRoute: {
          match: { methodName: 'Say' },
          action: target,
          retryPolicy: { maxRetries: -1, perRetryTimeout: { unit: 'm', value: 1.5 } },
        },
      },
      {
        'grpcRoute.match.serviceName': 'the service that has the method',
        'grpcRoute.retryPolicy':
          'an event in at least one of httpRetryEvents, tcpRetryEvents, grpcRetryEvents',
        'grpcRoute.retryPolicy.maxRetries': 'at least 0',
        'grpcRoute.retryPolicy.perRetryTimeout.unit': "'s', 'ms'",
        'grpcRoute.retryPolicy.perRetryTimeout.value': 'a whole number',
      },
    ],
    [
      'eleven targets',
      'route',
      { tcpRoute: { action: { weightedTargets: Array(11).fill({ virtualNode: 'a', weight: 1 }) } } },
      { 'tcpRoute.action.weightedTargets': 'at most 10 entries' },
    ],
    [
      'a rewrite of what is not matched, and two of one thing',
      'gatewayRoute',
      {
        httpRoute: {
          match: { path: { exact: '/a' }, hostname: {} },
          action: {
            target: { virtualService: { virtualServiceName: 's' } },
            rewrite: { prefix: { defaultPrefix: 'DISABLED', value: '/x' } },
          },
        },
      },
      {
        'httpRoute.match.hostname': 'exactly one of exact, suffix',
        'httpRoute.action.rewrite.prefix': 'nothing, where match.path is used',
        'httpRoute.action.rewrite.prefix.value': "a path that starts and ends with '/'",
      },
    ],
  ];
  for (const [name, kind, document, expected] of cases) {
    test(name, () => assert.deepEqual(mistakes(kind, document), expected));
  }

  test('a mistake names the page of the structure it is in', () => {
    const { mistakes } = parseSpecification('route', { priority: -1, tcpRoute: { action: {} } });
    assert.deepEqual(
      mistakes.map(({ at, mistake }) => [at, mistake.reference]),
      [
        [['priority'], 'https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_RouteSpec.html'],
        [
          ['tcpRoute', 'action', 'weightedTargets'],
          'https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_TcpRouteAction.html',
        ],
      ],
    );
  });
});
