import { z } from 'zod';
import { limits } from './limits.ts';
import { count, duration, percent, rate, size } from './scalars.ts';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'a name of letters, digits and hyphens, at most 64');
const hostname = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'a host name',
  );
const port = count({ min: 1, max: 65_535 });
const folder = z.string().regex(/^\.\/[\w./-]+$/, "a folder of the project, such as './services/entities'");
const path = z.string().regex(/^\/[\w\-./{}+]*$/, "a path that starts with '/'");

/** A row of the SLA table: what is promised and what `strata bench` measures. */
const objective = z.strictObject({
  availability: percent(),
  latency: duration(),
  throughput: rate(),
});

/** Section 1: client access. What the CDN serves and where it passes requests on. */
const access = z.strictObject({
  /** Folder whose files the edge serves: the local bucket. */
  origin: folder,
  behaviors: z
    .array(
      z.strictObject({
        path: z.string().regex(/^\/[\w\-./*]*$/, "a path pattern such as '/api/*'"),
        origin: z.enum(['static', 'gateway']),
      }),
    )
    .min(1),
  /** How long a client waits for an answer. */
  clientTimeout: duration().prefault('5s'),
  /** Whether answers carry x-cache, x-gateway-cache, x-entity-cache and server-timing. */
  explain: z.boolean().default(true),
});

/** Section 2: the API gateway's stage. */
const gateway = z.strictObject({
  name,
  account: z
    .strictObject({
      rate: rate({ max: limits.gatewayAccountRate }),
      burst: count({ max: limits.gatewayAccountBurst }),
    })
    .prefault({ rate: '10000/s', burst: 5000 }),
  integrationTimeout: duration({
    min: limits.gatewayIntegrationTimeoutFloor.value,
    max: limits.gatewayIntegrationTimeout,
  }).prefault('4500ms'),
  /** What happens to a client's `Cache-Control: max-age=0` when it may not ask for a refresh. */
  cacheRefresh: z
    .strictObject({
      /** Whether a caller needs a token of this role to refresh; 'anyone' asks for none. */
      allow: z.enum(['anyone', 'reader', 'editor', 'admin']).default('reader'),
      unauthorized: z
        .enum(['FAIL_WITH_403', 'SUCCEED_WITH_RESPONSE_HEADER', 'SUCCEED_WITHOUT_RESPONSE_HEADER'])
        .default('SUCCEED_WITH_RESPONSE_HEADER'),
    })
    .prefault({}),
  /** Bytes of answers the cache may hold (the vendor's sizes start at 0.5 GB; locally a laptop's share). */
  cacheSize: size({ min: 1024 * 1024 }).prefault('64MB'),
  routes: z
    .array(
      z.strictObject({
        /** The resource and all below it. */
        path,
        methods: z.array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])).min(1),
        service: name,
        throttle: z.strictObject({
          rate: rate({ max: limits.gatewayAccountRate }),
          /** Bucket size; the rate's one second when left out. */
          burst: count({ min: 1, max: limits.gatewayAccountBurst }).optional(),
        }),
        cache: z.strictObject({
          ttl: duration({ max: limits.gatewayCacheTtl }),
          /** Query parameters that are part of the key beside the path. */
          query: z.array(z.string().min(1)).default([]),
        }),
        auth: z.strictObject({
          mode: z.enum(['optional', 'required']),
          /** How long an authorizer's answer may be reused; 0 where auth is optional (no identity source). */
          ttl: duration({ max: limits.gatewayAuthorizerTtl }).optional(),
        }),
      }),
    )
    .min(1),
});

/** Section 3: the cluster and its services. */
const service = z.strictObject({
  /** Folder with the service's `main.ts`. */
  source: folder,
  /** CPU units; 1024 is one core. */
  cpu: count({ min: 256, max: limits.fargateCpu }),
  /** MiB. */
  memory: count({ min: 512, max: limits.fargateMemory }),
  port,
  tasks: count({ min: 1, max: limits.serviceTasks }),
  logGroup: z.string().regex(/^[\w\-/.#]{1,512}$/, 'a log group name'),
  health: z
    .strictObject({
      path: path.default('/health'),
      interval: duration({ min: 100 }).prefault('1s'),
      timeout: duration({ min: 50 }).prefault('1s'),
      healthyThreshold: count({ min: 1, max: 10 }).default(1),
      unhealthyThreshold: count({ min: 1, max: 10 }).default(2),
    })
    .prefault({}),
  /** SIGTERM to SIGKILL. */
  stopTimeout: duration({ max: 120_000 }).prefault('30s'),
});
const compute = z.strictObject({
  cluster: name,
  services: z.record(name, service),
});

const retryEvent = z.enum(['server-error', 'gateway-error', 'client-error', 'stream-error']);

/** A retry policy in App Mesh's terms: `maxRetries` counts retries, not attempts. */
const retryPolicy = z.strictObject({
  maxRetries: count({ max: limits.meshRetries }),
  perRetryTimeout: duration({ min: 1 }),
  httpRetryEvents: z.array(retryEvent).default([]),
  tcpRetryEvents: z.array(z.enum(['connection-error'])).default([]),
});

/** What one proxy allows towards a node: Envoy's circuit breaking thresholds. */
const connectionPool = z
  .strictObject({
    maxConnections: count({ min: 1 }).default(1024),
    maxPendingRequests: count({ min: 1 }).default(1024),
    maxRequests: count({ min: 1 }).default(1024),
  })
  .prefault({});

/** When a host that keeps failing is left out, and for how long; none is left out without it, as in App Mesh. */
const outlierDetection = z
  .strictObject({
    maxServerErrors: count({ min: 1 }).default(5),
    interval: duration({ min: 1 }).prefault('1s'),
    baseEjectionDuration: duration({ min: 1 }).prefault('5s'),
    maxEjectionPercent: count({ max: 100 }).default(100),
  })
  .optional();

/** Section 4: the service mesh, in App Mesh's terms. */
const mesh = z.strictObject({
  name,
  egressFilter: z.enum(['ALLOW_ALL', 'DROP_ALL']).default('ALLOW_ALL'),
  /** Mutual TLS on every hop between proxies. */
  mutualTls: z.boolean().default(true),
  /** Below this share of healthy hosts Envoy ignores health; 0 keeps ejection meaningful with few hosts. */
  panicThreshold: count({ max: 100 }).default(0),
  nodes: z.record(
    name,
    z.strictObject({
      hostname,
      listener: z.strictObject({ port, protocol: z.enum(['http']) }),
      /** Names of virtual services this node calls; all others refuse it. */
      backends: z.array(hostname).default([]),
      connectionPool,
      outlierDetection,
    }),
  ),
  routers: z.record(
    name,
    z.strictObject({
      /** The virtual service this router provides. */
      virtualService: hostname,
      listener: z.strictObject({ port, protocol: z.enum(['http']) }),
      routes: z
        .array(
          z.strictObject({
            name,
            match: z.strictObject({ prefix: path }),
            targets: z
              .array(z.strictObject({ node: name, weight: count({ max: limits.meshWeight }) }))
              .min(1)
              .max(limits.meshRouteTargets.value),
            retry: retryPolicy.optional(),
            timeout: duration({ min: 1 }).prefault('4s'),
          }),
        )
        .min(1),
    }),
  ),
  /** The virtual gateway: where the load balancer hands requests to the mesh. */
  gateway: z.strictObject({
    name,
    listener: z.strictObject({ port, protocol: z.enum(['http']) }),
    routes: z.array(z.strictObject({ prefix: path, node: name })).min(1),
    retry: retryPolicy,
    timeout: duration({ min: 1 }).prefault('4200ms'),
  }),
});

/** Section 5: stores and the read-through cache. */
const data = z.strictObject({
  relational: z.strictObject({
    table: z.literal('entities'),
    /** Connections one task may hold. */
    connections: count({ min: 1, max: 100 }).default(10),
  }),
  table: z.strictObject({
    name: z.string().regex(/^[\w.-]{3,255}$/, 'a table name'),
    partitionKey: z.string().min(1),
    sortKey: z.string().min(1),
    indexes: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[\w.-]{3,255}$/, 'an index name'),
          partitionKey: z.string().min(1),
          projection: z.strictObject({
            type: z.literal('INCLUDE'),
            attributes: z.array(z.string().min(1)).min(1).max(limits.tableProjectedAttributes.value),
          }),
        }),
      )
      .max(limits.tableIndexes.value),
  }),
  cache: z.strictObject({
    hot: z.strictObject({ ttl: duration({ min: 1000 }) }),
    static: z.strictObject({
      ttl: duration({ min: 1000 }),
      /** Attributes that mark an entity as static. */
      match: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({ static: true }),
      /** How often static entries are read again before they expire. */
      refresh: duration({ min: 1000 }).prefault('15m'),
    }),
    missing: z.strictObject({ ttl: duration({ min: 100 }) }).prefault({ ttl: '5s' }),
    /** Share of a TTL by which it is shortened at random, so that entries do not expire together. */
    jitter: percent().prefault('10%'),
    /** How long a command may take before the cache counts as down. */
    commandTimeout: duration({ min: 1 }).prefault('30ms'),
    /** Bytes of memory the cache may use. */
    memory: size({ min: 1024 * 1024 }).prefault('128MB'),
  }),
  /** Bytes of one entity's attributes as JSON. */
  maxAttributes: size().prefault('256KB'),
});

/** Section 6: alarms and the topics they tell. */
const observability = z.strictObject({
  logRetention: duration().prefault('30d'),
  alarms: z.record(
    name,
    z.strictObject({
      description: z.string().max(1024),
      namespace: z.string().min(1),
      metric: z.string().min(1),
      dimensions: z.record(z.string(), z.string()),
      statistic: z.enum(['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount']),
      period: duration({ min: 10_000 }),
      evaluationPeriods: count({ min: 1 }),
      /** M of N; all of them when left out. */
      datapointsToAlarm: count({ min: 1 }).optional(),
      threshold: z.number(),
      comparison: z.enum([
        'GreaterThanThreshold',
        'GreaterThanOrEqualToThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
      ]),
      missingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
      topic: name,
    }),
  ),
  topics: z.array(name),
});

/** The whole document: the SLA table and the six sections, in the order of the blueprint's diagrams. */
export const documentSchema = z.strictObject({
  name,
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as 'us-west-2'"),
  sla: z.strictObject({
    gateway: objective,
    compute: objective,
    cache: objective.extend({ missLatency: duration() }),
    table: z.strictObject({
      availability: percent(),
      latency: duration(),
      /** Read and write capacity units a second. */
      readUnits: rate(),
      writeUnits: rate(),
    }),
  }),
  access,
  gateway,
  compute,
  mesh,
  data,
  observability,
});

/** A blueprint as a person writes it. */
export type BlueprintDocument = z.input<typeof documentSchema>;

/** A blueprint with every scalar parsed and every default filled in, before names are resolved. */
export type ParsedDocument = z.output<typeof documentSchema>;
