import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import document from '../../blueprint.ts';
import type { BlueprintDocument } from '../../src/model/document.ts';
import type { Mistake } from '../../src/model/mistake.ts';
import { type Plan, plan } from '../../src/model/plan.ts';

/** The blueprint with a change made to a copy of it. */
function changed(change: (copy: BlueprintDocument) => void): unknown {
  const copy = structuredClone(document);
  change(copy);
  return copy;
}

/** The plan of a document that has no mistake. */
function planned(input: unknown): Plan {
  const { plan: result, mistakes } = plan(input);
  assert.deepEqual(mistakes, []);
  assert.ok(result);
  return result;
}

/** The one entry of a list or record that a test is about. */
function entry<Value>(value: Value | undefined): Value {
  assert.ok(value !== undefined);
  return value;
}

function mistakesAt(input: unknown): Record<string, Mistake> {
  return Object.fromEntries(plan(input).mistakes.map((mistake) => [mistake.path, mistake]));
}

describe("the blueprint holds the document's own values", () => {
  const { gateway, compute, mesh, data, observability, sla } = planned(document);

  test('both gateway routes', () => {
    const routes = Object.fromEntries(gateway.routes.map((route) => [route.path, route]));
    const open = entry(routes['/api/v1/data']);
    assert.deepEqual(
      [open.throttle.rate, open.cache.ttl, open.auth],
      [1000, 60_000, { mode: 'optional', ttl: 0 }],
    );
    const secure = entry(routes['/api/v1/secure']);
    assert.deepEqual(
      [secure.throttle.rate, secure.cache.ttl, secure.auth],
      [500, 0, { mode: 'required', ttl: 300_000 }],
    );
    assert.equal(gateway.name, 'cloud-native-api');
  });

  test('both microservices', () => {
    for (const name of ['microservice-a', 'microservice-b']) {
      const { cpu, memory, port, logGroup } = entry(compute.services[name]);
      assert.deepEqual([cpu, memory, port, logGroup], [512, 1024, 8080, `/ecs/${name}`]);
    }
    assert.equal(compute.cluster, 'CloudNativeCluster');
  });

  test('the mesh', () => {
    const { resources, mutualTls, panicThreshold } = mesh;
    assert.equal(resources.name, 'cloud-native-mesh');
    assert.deepEqual(resources.spec, { egressFilter: { type: 'ALLOW_ALL' } });
    assert.deepEqual(entry(resources.virtualNodes['microservice-a']).backends, [
      { virtualService: { virtualServiceName: 'microservice-b.default.svc.cluster.local' } },
    ]);
    const { routes } = entry(resources.virtualRouters['microservice-b-router']);
    assert.deepEqual(entry(routes['microservice-b-route']).httpRoute?.retryPolicy, {
      maxRetries: 3,
      perRetryTimeout: { unit: 's', value: 2 },
      httpRetryEvents: ['server-error'],
    });
    assert.deepEqual([mutualTls, panicThreshold], [true, 0]);
  });

  test('the stores and both cache TTLs', () => {
    assert.equal(data.relational.table, 'entities');
    assert.deepEqual(
      [data.table.name, data.table.partitionKey, data.table.sortKey, data.table.indexes],
      [
        'Entities',
        'pk',
        'sk',
        [
          {
            name: 'NameIndex',
            partitionKey: 'name',
            projection: { type: 'INCLUDE', attributes: ['attributes'] },
          },
        ],
      ],
    );
    assert.deepEqual([data.cache.hot.ttl, data.cache.static.ttl], [300_000, 3_600_000]);
  });

  test('the alarm and its topic', () => {
    const alarm = entry(observability.alarms.HighCPUUsage);
    assert.deepEqual(
      [
        alarm.namespace,
        alarm.metric,
        alarm.statistic,
        alarm.period,
        alarm.evaluationPeriods,
        alarm.threshold,
      ],
      ['AWS/ECS', 'CPUUtilization', 'Average', 300_000, 2, 80],
    );
    assert.deepEqual(
      [alarm.comparison, alarm.missingData, alarm.dimensions, alarm.topic],
      ['GreaterThanThreshold', 'notBreaching', { ClusterName: 'CloudNativeCluster' }, 'CloudNativeAlerts'],
    );
  });

  test('the SLA table', () => {
    assert.deepEqual(sla.gateway, { availability: 0.9995, latency: 50, throughput: 10_000 });
    assert.deepEqual(sla.compute, { availability: 0.999, latency: 100, throughput: 5000 });
    assert.deepEqual(sla.cache, { availability: 0.9999, latency: 5, missLatency: 50, throughput: 20_000 });
    assert.deepEqual(sla.table, { availability: 0.9999, latency: 10, readUnits: 10_000, writeUnits: 10_000 });
  });
});

describe('a plan is resolved', () => {
  test('it is plain data that survives JSON', () => {
    const result = planned(document);
    assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
  });

  test("a throttle's burst is one second of its rate when left out", () => {
    assert.deepEqual(entry(planned(document).gateway.routes[0]).throttle, { rate: 1000, burst: 1000 });
  });

  test('it says how many tries of full length fit into a route', () => {
    assert.deepEqual(planned(document).mesh.fullTries, {
      'microservice-b-router': { 'microservice-b-route': 2 },
    });
  });
});

describe('a route names a service or a function', () => {
  const functions = { greet: { source: './functions/greet' } } as const;
  const withRoute = (route: object, more: object = {}) =>
    changed(({ gateway }) => {
      gateway.functions = { ...gateway.functions, ...functions, ...more };
      const first = entry(gateway.routes[0]);
      const { service: _, ...rest } = { ...first, cache: { ttl: '0s' as const } };
      gateway.routes[0] = { ...rest, ...route };
    });

  test('a function has a size and a time, and its route may go without an authorizer', () => {
    const { gateway } = planned(withRoute({ function: 'greet', auth: { mode: 'none' } }));
    assert.deepEqual(entry(gateway.functions.greet), {
      source: './functions/greet',
      memory: 256,
      timeout: 3000,
      stores: [],
    });
    assert.deepEqual(entry(gateway.routes[0]).auth, { mode: 'none', ttl: 0 });
  });

  test('one of them, that is there, and no cached answers of a function', () => {
    const at = 'gateway.routes[0]';
    const cases: [object, string][] = [
      [{}, `${at}.service`],
      [{ service: 'greet' }, `${at}.service`],
      [{ function: 'microservice-a' }, `${at}.function`],
      [{ service: 'microservice-a', function: 'greet' }, `${at}.function`],
      [{ function: 'greet', cache: { ttl: '1s' } }, `${at}.cache.ttl`],
      [{ function: 'greet', auth: { mode: 'none', ttl: '1s' } }, `${at}.auth.ttl`],
    ];
    for (const [route, path] of cases) assert.deepEqual(Object.keys(mistakesAt(withRoute(route))), [path]);
  });

  test('a function’s time is whole seconds and no longer than the API waits, its memory what there is', () => {
    const at = 'gateway.functions.greet';
    const cases: [object, string][] = [
      [{ timeout: '1500ms' }, `${at}.timeout`],
      [{ timeout: '5s' }, `${at}.timeout`],
      [{ memory: 64 }, `${at}.memory`],
      [{ memory: 10_241 }, `${at}.memory`],
    ];
    for (const [settings, path] of cases) {
      const greet = { ...functions.greet, ...settings };
      const mistakes = mistakesAt(withRoute({ function: 'greet' }, { greet }));
      assert.deepEqual(Object.keys(mistakes), [path]);
    }
  });
});

describe('sessions', () => {
  const withSessions = (sessions: object) =>
    changed(({ data }) => {
      data.sessions = sessions;
    });

  test('have times and a table of their own without a word', () => {
    assert.deepEqual(planned(withSessions({})).data.sessions, planned(document).data.sessions);
  });

  test('last no longer than they may, in a table that is theirs', () => {
    const cases: [object, string][] = [
      [{ idle: '8d' }, 'idle'],
      [{ idle: '10m' }, 'accessToken'],
      [{ accessToken: '16m' }, 'accessToken'],
      [{ accessToken: '4m' }, 'accessToken'],
      [{ accessToken: '300500ms' }, 'accessToken'],
      [{ absolute: '30m', idle: '20m' }, 'absolute'],
      [{ leeway: '2m' }, 'leeway'],
      [{ table: { name: 'Entities' } }, 'table.name'],
      [{ table: { sortKey: 'pk' } }, 'table.sortKey'],
      [{ table: { timeToLive: 'sk' } }, 'table.timeToLive'],
    ];
    for (const [sessions, path] of cases) {
      assert.deepEqual(Object.keys(mistakesAt(withSessions(sessions))), [`data.sessions.${path}`]);
    }
  });
});

describe('a wrong value is refused with its path, what was found and what is allowed', () => {
  test("a quota names the vendor's page", () => {
    const found = mistakesAt(
      changed((copy) => {
        entry(copy.gateway.routes[0]).throttle.rate = '20000/s';
      }),
    );
    assert.deepEqual(found, {
      'gateway.routes[0].throttle.rate': {
        path: 'gateway.routes[0].throttle.rate',
        found: "'20000/s'",
        allowed: 'at most 10000/s',
        reference: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
      },
    });
  });

  test('all mistakes are listed, those of form and those between sections', () => {
    const found = mistakesAt(
      changed((copy) => {
        entry(copy.gateway.routes[0]).throttle.rate = '20000/s';
        entry(copy.gateway.routes[1]).service = 'microservice-z';
        entry(copy.gateway.routes[1]).cache.ttl = '2h';
        Object.assign(copy.compute, { clutser: 'x' });
        Object.assign(entry(copy.compute.services['microservice-a']), { tasks: 'two', memory: 999 });
        entry(copy.mesh.nodes['microservice-a']).backends = ['nobody.example'];
        entry(copy.observability.alarms.HighCPUUsage).topic = 'Nobody';
      }),
    );
    assert.deepEqual(Object.keys(found).sort(), [
      'compute.clutser',
      'compute.services["microservice-a"].memory',
      'compute.services["microservice-a"].tasks',
      'gateway.routes[0].throttle.rate',
      'gateway.routes[1].cache.ttl',
      'gateway.routes[1].service',
      'mesh.nodes["microservice-a"].backends[0]',
      'observability.alarms.HighCPUUsage.topic',
    ]);
  });

  const wrong: readonly [string, string, (copy: BlueprintDocument) => void][] = [
    [
      'a memory size that Fargate does not pair with the CPU',
      'compute.services["microservice-a"].memory',
      (copy) => {
        entry(copy.compute.services['microservice-a']).memory = 8192;
      },
    ],
    [
      'a CPU size that Fargate does not have',
      'compute.services["microservice-a"].cpu',
      (copy) => {
        entry(copy.compute.services['microservice-a']).cpu = 513;
      },
    ],
    [
      'a service without a mesh node',
      'mesh.nodes["microservice-b"]',
      (copy) => {
        delete copy.mesh.nodes['microservice-b'];
      },
    ],
    [
      "a node's port that is not its service's",
      'mesh.nodes["microservice-b"].listener.port',
      (copy) => {
        Object.assign(entry(copy.mesh.nodes['microservice-b']), {
          listener: { port: 9090, protocol: 'http' },
        });
      },
    ],
    [
      'weights that are all zero',
      'mesh.routers["microservice-b-router"].routes[0].targets',
      (copy) => {
        entry(entry(entry(copy.mesh.routers['microservice-b-router']).routes[0]).targets[0]).weight = 0;
      },
    ],
    [
      'a try longer than its route',
      'mesh.routers["microservice-b-router"].routes[0].retry.perRetryTimeout',
      (copy) => {
        Object.assign(entry(entry(entry(copy.mesh.routers['microservice-b-router']).routes[0]).retry), {
          perRetryTimeout: '4100ms',
        });
      },
    ],
    [
      'a route longer than the mesh gateway',
      'mesh.routers["microservice-b-router"].routes[0].timeout',
      (copy) => {
        entry(entry(copy.mesh.routers['microservice-b-router']).routes[0]).timeout = '4300ms';
      },
    ],
    [
      'a gateway that waits longer than its client',
      'gateway.integrationTimeout',
      (copy) => {
        copy.gateway.integrationTimeout = '6s';
      },
    ],
    [
      'more retries than the platform allows',
      'mesh.routers["microservice-b-router"].routes[0].retry.maxRetries',
      (copy) => {
        Object.assign(entry(entry(entry(copy.mesh.routers['microservice-b-router']).routes[0]).retry), {
          maxRetries: 11,
        });
      },
    ],
    [
      'an authorizer TTL where auth is optional',
      'gateway.routes[0].auth.ttl',
      (copy) => {
        entry(copy.gateway.routes[0]).auth.ttl = '60s';
      },
    ],
    [
      'a route twice',
      'gateway.routes[1].path',
      (copy) => {
        entry(copy.gateway.routes[1]).path = '/api/v1/data';
      },
    ],
    [
      'static data that expires before hot data',
      'data.cache.static.ttl',
      (copy) => {
        copy.data.cache.static.ttl = '1m';
        copy.data.cache.static.refresh = '30s';
      },
    ],
    [
      'more datapoints than periods',
      'observability.alarms.HighCPUUsage.datapointsToAlarm',
      (copy) => {
        entry(copy.observability.alarms.HighCPUUsage).datapointsToAlarm = 3;
      },
    ],
    [
      'a fraction of a task',
      'compute.services["microservice-a"].tasks',
      (copy) => {
        entry(copy.compute.services['microservice-a']).tasks = 1.5;
      },
    ],
  ];
  for (const [name, path, change] of wrong) {
    test(name, () => assert.ok(path in mistakesAt(changed(change))));
  }

  test('a missing section and a document that is none', () => {
    assert.deepEqual(
      Object.keys(
        mistakesAt(
          changed((copy) => {
            Reflect.deleteProperty(copy, 'gateway');
          }),
        ),
      ),
      ['gateway'],
    );
    for (const nonsense of [undefined, null, 1, 'x', [], () => 1])
      assert.equal(plan(nonsense).mistakes[0]?.path, 'the document');
  });

  test('nonsense anywhere in the document is a list of mistakes, never an exception', () => {
    const paths = leaves(document);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything({ maxDepth: 2 }), (path, value) => {
        const copy = structuredClone(document);
        const parent = path.slice(0, -1).reduce<unknown>((node, key) => Reflect.get(Object(node), key), copy);
        Reflect.set(Object(parent), entry(path.at(-1)), value);
        const result = plan(copy);
        assert.ok(result.plan || result.mistakes.length > 0);
      }),
      { numRuns: 500 },
    );
  });
});

function leaves(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}
