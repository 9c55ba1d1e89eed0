import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expanded, listener, retry, section } from './expanded.ts';

const node = (more: object) => expanded(section({}, more)).resources.virtualNodes.a;

function routes(router: object): unknown {
  const { resources } = expanded(section({ routers: { r: router } }));
  return resources.virtualRouters.r?.routes;
}

describe('a short form is spelled out', () => {
  test('a node of host name, listener and backends', () => {
    const service = { clientPolicy: { tls: { validation: { trust: { sds: { secretName: 's' } } } } } };
    assert.deepEqual(
      node({ listener: { ...listener, timeout: '2s' }, backends: ['b', { service: 'c', ...service }] }),
      {
        serviceDiscovery: { dns: { hostname: 'a.local' } },
        listeners: [
          {
            portMapping: { port: 8080, protocol: 'http' },
            timeout: { http: { perRequest: { unit: 's', value: 2 } } },
          },
        ],
        backends: [
          { virtualService: { virtualServiceName: 'b' } },
          { virtualService: { virtualServiceName: 'c', ...service } },
        ],
      },
    );
  });

  test("a listener's pool, timeouts and health check take its protocol", () => {
    const full = {
      port: 8080,
      protocol: 'http2',
      timeout: { idle: '1m' },
      connectionPool: { maxRequests: 5 },
      healthCheck: { path: '/health' },
    };
    assert.deepEqual(node({ listener: full })?.listeners, [
      {
        portMapping: { port: 8080, protocol: 'http2' },
        timeout: { http2: { idle: { unit: 's', value: 60 } } },
        connectionPool: { http2: { maxRequests: 5 } },
        healthCheck: {
          protocol: 'http2',
          path: '/health',
          intervalMillis: 5000,
          timeoutMillis: 2000,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
      },
    ]);
  });

  test("a node's outlier detection is that of every listener without its own", () => {
    const own = {
      maxServerErrors: 1,
      interval: '5s',
      baseEjectionDuration: '1500ms',
      maxEjectionPercent: 50,
    };
    const listeners = [listener, { port: 9090, protocol: 'tcp', outlierDetection: own }];
    const found = node({ listener: undefined, listeners, outlierDetection: {} })?.listeners;
    assert.deepEqual(
      found?.map(({ outlierDetection }) => outlierDetection),
      [
        {
          maxServerErrors: 5,
          interval: { unit: 's', value: 1 },
          baseEjectionDuration: { unit: 's', value: 5 },
          maxEjectionPercent: 100,
        },
        {
          maxServerErrors: 1,
          interval: { unit: 's', value: 5 },
          baseEjectionDuration: { unit: 'ms', value: 1500 },
          maxEjectionPercent: 50,
        },
      ],
    );
  });

  test('a log is a path, or a path with a line of text or an object', () => {
    const file = (logging: unknown) => node({ logging })?.logging?.accessLog?.file;
    assert.deepEqual(file('/dev/stdout'), { path: '/dev/stdout' });
    assert.deepEqual(file({ path: '/l', format: '%REQ(x)%' }), { path: '/l', format: { text: '%REQ(x)%' } });
    assert.deepEqual(file({ path: '/l', format: { x: '%REQ(x)%' } }), {
      path: '/l',
      format: { json: [{ key: 'x', value: '%REQ(x)%' }] },
    });
  });

  test("a route is of its listener's protocol: the one of its port, or the first", () => {
    const listeners = [
      { port: 80, protocol: 'grpc' },
      { port: 81, protocol: 'tcp' },
    ];
    const targets = [{ node: 'a', weight: 1 }];
    const weightedTargets = [{ virtualNode: 'a', weight: 1 }];
    assert.deepEqual(
      routes({
        listeners,
        routes: [
          { name: 'calls', match: { serviceName: 's', methodName: 'm' }, targets, timeout: '0s' },
          { name: 'bytes', match: { port: 81 }, targets, timeout: { idle: '10s' } },
          { name: 'more', match: { port: 81 }, targets },
          { name: 'other', protocol: 'http2', priority: 3, match: { prefix: '/' }, targets, timeout: {} },
        ],
      }),
      {
        calls: {
          grpcRoute: {
            match: { serviceName: 's', methodName: 'm' },
            action: { weightedTargets },
            timeout: { perRequest: { unit: 'ms', value: 0 } },
          },
        },
        bytes: {
          tcpRoute: {
            match: { port: 81 },
            action: { weightedTargets },
            timeout: { idle: { unit: 's', value: 10 } },
          },
        },
        more: { tcpRoute: { match: { port: 81 }, action: { weightedTargets } } },
        other: { priority: 3, http2Route: { match: { prefix: '/' }, action: { weightedTargets } } },
      },
    );
  });

  test('a TCP route needs no match and no timeout', () => {
    const targets = [{ node: 'a', weight: 1 }];
    const found = routes({ listener: { port: 1, protocol: 'tcp' }, routes: [{ name: 'all', targets }] });
    const weightedTargets = [{ virtualNode: 'a', weight: 1 }];
    assert.deepEqual(found, { all: { tcpRoute: { action: { weightedTargets } } } });
  });

  test('a retry policy has only the events it names, and there is none where none is said', () => {
    const targets = [{ node: 'a', weight: 1 }];
    const grpc = { ...retry, httpRetryEvents: [], grpcRetryEvents: ['unavailable'] };
    const match = { prefix: '/' };
    assert.deepEqual(
      routes({
        listener,
        routes: [
          { name: 'http', match, targets, retry, timeout: {} },
          { name: 'grpc', protocol: 'grpc', targets, retry: grpc, timeout: {} },
          { name: 'none', match, targets, timeout: {} },
        ],
      }),
      {
        http: {
          httpRoute: {
            match,
            action: { weightedTargets: [{ virtualNode: 'a', weight: 1 }] },
            retryPolicy: {
              maxRetries: 1,
              perRetryTimeout: { unit: 's', value: 1 },
              httpRetryEvents: ['stream-error'],
            },
          },
        },
        grpc: {
          grpcRoute: {
            match: {},
            action: { weightedTargets: [{ virtualNode: 'a', weight: 1 }] },
            retryPolicy: {
              maxRetries: 1,
              perRetryTimeout: { unit: 's', value: 1 },
              grpcRetryEvents: ['unavailable'],
            },
          },
        },
        none: { httpRoute: { match, action: { weightedTargets: [{ virtualNode: 'a', weight: 1 }] } } },
      },
    );
  });

  test('a listener waits as long as the longest route that leads there; for ever when one has no end', () => {
    const targets = [{ node: 'a', weight: 1 }];
    const wait = (timeouts: readonly string[], gateway: object = {}) => {
      const all = timeouts.map((timeout, index) => ({
        name: `r${index}`,
        match: { prefix: '/' },
        targets,
        timeout,
      }));
      const { virtualNodes } = expanded(
        section({ routers: { r: { listener, routes: all } } }, {}, gateway),
      ).resources;
      return virtualNodes.a?.listeners?.[0]?.timeout;
    };
    assert.deepEqual(wait(['1s', '20s']), { http: { perRequest: { unit: 's', value: 20 } } });
    assert.deepEqual(wait(['1s'], { timeout: '3s' }), { http: { perRequest: { unit: 's', value: 3 } } });
    assert.deepEqual(wait(['1s', '0s']), { http: { perRequest: { unit: 'ms', value: 0 } } });
    assert.deepEqual(wait([], { routes: [] }), undefined);
  });

  test("Strata's additions stand beside the resources", () => {
    const pool = { maxConnections: 1, maxPendingRequests: 2, maxRequests: 3 };
    const { limits, gateway, mutualTls, panicThreshold } = expanded(
      section({ mutualTls: false, panicThreshold: 50 }, { connectionPool: pool }, { timeout: '3s' }),
    );
    assert.deepEqual(
      { limits, gateway, mutualTls, panicThreshold },
      {
        limits: { a: pool },
        gateway: {
          name: 'ingress',
          retry: {
            maxRetries: 1,
            perRetryTimeout: 1000,
            httpRetryEvents: ['stream-error'],
            tcpRetryEvents: [],
          },
          timeout: 3000,
        },
        mutualTls: false,
        panicThreshold: 50,
      },
    );
  });

  test('how many full tries fit is said for every route', () => {
    const targets = [{ node: 'a', weight: 1 }];
    const tries = (timeout: unknown, perRetryTimeout: string, maxRetries = 3) => {
      const route = {
        name: 'r',
        match: { prefix: '/' },
        targets,
        timeout,
        retry: { ...retry, maxRetries, perRetryTimeout },
      };
      return expanded(section({ routers: { r: { listener, routes: [route] } } })).fullTries.r?.r;
    };
    assert.deepEqual(
      [tries('4s', '2s'), tries('4s', '1s'), tries('0s', '1s'), tries({}, '5s')],
      [2, 4, 4, 3],
    );
  });
});
