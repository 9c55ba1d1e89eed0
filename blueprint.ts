import { blueprint } from './src/model/blueprint.ts';

/** What every answer says of itself, page or data: its type is as sent, and it is read over TLS, unframed. */
const transport = {
  contentTypeOptions: true,
  frameOptions: 'DENY',
  referrerPolicy: 'strict-origin-when-cross-origin',
  strictTransportSecurity: { maxAge: '730d', includeSubdomains: true },
} as const;

/** What every answer may be shared with: nothing of other sites, and none of a browser's sensors. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()',
  'reporting-endpoints': 'reports="/reports"',
};

/** A behaviour for one caller: passed to the API whole, never stored. */
const perCaller = {
  origin: 'api',
  methods: 'all',
  cachePolicy: 'Managed-CachingDisabled',
  originRequestPolicy: 'Managed-AllViewerExceptHostHeader',
  responseHeadersPolicy: 'data',
  functions: { 'viewer-request': 'normalize' },
} as const;

/** The platform in one document: the SLA table and six sections, in the order of the blueprint's diagrams. */
export default blueprint({
  name: 'cloud-native',
  region: 'us-west-2',

  sla: {
    gateway: { availability: '99.95%', latency: '50ms', throughput: '10000/s' },
    compute: { availability: '99.9%', latency: '100ms', throughput: '5000/s' },
    cache: { availability: '99.99%', latency: '5ms', missLatency: '50ms', throughput: '20000/s' },
    table: { availability: '99.99%', latency: '10ms', readUnits: '10000/s', writeUnits: '10000/s' },
  },

  // 1. Client access: the CDN and what it serves
  access: {
    origins: {
      pages: { folder: './clients/web' },
      api: { gateway: true },
    },
    cachePolicies: {
      'hashed-assets': { minTtl: '0s', defaultTtl: '1d', maxTtl: '365d', compression: ['br', 'gzip'] },
      documents: { minTtl: '0s', defaultTtl: '60s', maxTtl: '1h', compression: ['br', 'gzip'] },
      // As fresh as the service says. A token is in the key: a bad one is refused, whoever asked before.
      data: {
        minTtl: '0s',
        defaultTtl: '0s',
        maxTtl: '1h',
        query: ['limit', 'cursor', 'name'],
        headers: ['Authorization'],
        compression: ['br', 'gzip'],
      },
    },
    responseHeadersPolicies: {
      pages: {
        security: {
          contentSecurityPolicy:
            // {scripts} stands for the hashes of the pages' own; 'self' is for browsers that know no 'strict-dynamic'.
            "default-src 'none'; script-src {scripts} 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; report-uri /reports; report-to reports",
          ...transport,
        },
        custom: isolation,
      },
      // An answer of the API is data: opened as a page it may do nothing.
      data: {
        security: {
          contentSecurityPolicy:
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-uri /reports; report-to reports",
          ...transport,
        },
        custom: isolation,
      },
    },
    functions: { normalize: { source: './functions/normalize' } },
    behaviors: [
      // Names with a hash of the content: a year, and immutable.
      {
        path: '/assets/*',
        origin: 'pages',
        cachePolicy: 'hashed-assets',
        responseHeadersPolicy: 'pages',
        compress: true,
        functions: { 'viewer-request': 'normalize' },
      },
      // For one caller: never stored.
      { path: '/api/v1/secure*', ...perCaller },
      { path: '/session*', ...perCaller },
      { path: '/reports', ...perCaller },
      // For everyone: fresh for 60 s, then an hour while it is fetched anew, as the service says.
      {
        path: '/api/v1/data*',
        origin: 'api',
        cachePolicy: 'data',
        responseHeadersPolicy: 'data',
        compress: true,
        functions: { 'viewer-request': 'normalize' },
      },
      { path: '/api/*', ...perCaller },
      // Pages: a minute, then ten while they are fetched anew, as the files' own Cache-Control says.
      {
        path: '/*',
        origin: 'pages',
        cachePolicy: 'documents',
        responseHeadersPolicy: 'pages',
        compress: true,
        functions: { 'viewer-request': 'normalize' },
      },
    ],
    clientTimeout: '5s',
  },

  // 2. API gateway: throttles, cache and authorizers by route
  gateway: {
    name: 'cloud-native-api',
    account: { rate: '10000/s', burst: 5000 },
    integrationTimeout: '4500ms',
    functions: {
      session: { source: './functions/session', memory: 256, timeout: '4s', stores: ['sessions'] },
      reports: { source: './functions/reports', memory: 128, timeout: '3s' },
    },
    routes: [
      {
        path: '/api/v1/data',
        methods: ['GET'],
        service: 'microservice-a',
        throttle: { rate: '1000/s' },
        cache: { ttl: '60s', query: ['limit', 'cursor', 'name'] },
        auth: { mode: 'optional' },
      },
      {
        path: '/api/v1/secure',
        methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        service: 'microservice-a',
        throttle: { rate: '500/s' },
        cache: { ttl: '0s' },
        auth: { mode: 'required', ttl: '300s' },
      },
      {
        path: '/api/v1/openapi.json',
        methods: ['GET'],
        service: 'microservice-a',
        throttle: { rate: '100/s' },
        cache: { ttl: '60s' },
        auth: { mode: 'optional' },
      },
      {
        path: '/session',
        methods: ['GET', 'POST', 'DELETE'],
        function: 'session',
        throttle: { rate: '100/s' },
        cache: { ttl: '0s' },
        auth: { mode: 'none' },
      },
      {
        path: '/reports',
        methods: ['POST'],
        function: 'reports',
        throttle: { rate: '20/s', burst: 100 },
        cache: { ttl: '0s' },
        auth: { mode: 'none' },
      },
    ],
  },

  // 3. Compute: the cluster and its services
  compute: {
    cluster: 'CloudNativeCluster',
    services: {
      'microservice-a': {
        source: './services/entities',
        cpu: 512,
        memory: 1024,
        port: 8080,
        tasks: 2,
        stores: ['relational', 'cache'],
        logGroup: '/ecs/microservice-a',
      },
      'microservice-b': {
        source: './services/catalog',
        cpu: 512,
        memory: 1024,
        port: 8080,
        tasks: 1,
        stores: ['table'],
        logGroup: '/ecs/microservice-b',
      },
    },
  },

  // 4. Service mesh: who calls whom, with mutual TLS, retries and circuit breaking
  mesh: {
    name: 'cloud-native-mesh',
    egressFilter: 'ALLOW_ALL',
    mutualTls: true,
    panicThreshold: 0,
    nodes: {
      'microservice-a': {
        hostname: 'microservice-a.default.svc.cluster.local',
        listener: { port: 8080, protocol: 'http' },
        backends: ['microservice-b.default.svc.cluster.local'],
      },
      'microservice-b': {
        hostname: 'microservice-b.default.svc.cluster.local',
        listener: { port: 8080, protocol: 'http' },
        connectionPool: { maxConnections: 256, maxPendingRequests: 256, maxRequests: 512 },
        outlierDetection: {
          maxServerErrors: 5,
          interval: '1s',
          baseEjectionDuration: '5s',
          maxEjectionPercent: 100,
        },
      },
    },
    routers: {
      'microservice-b-router': {
        virtualService: 'microservice-b.default.svc.cluster.local',
        listener: { port: 8080, protocol: 'http' },
        routes: [
          {
            name: 'microservice-b-route',
            match: { prefix: '/' },
            targets: [{ node: 'microservice-b', weight: 100 }],
            retry: { maxRetries: 3, perRetryTimeout: '2000ms', httpRetryEvents: ['server-error'] },
            timeout: '4s',
          },
        ],
      },
    },
    gateway: {
      name: 'ingress',
      listener: { port: 8080, protocol: 'http' },
      routes: [{ prefix: '/', node: 'microservice-a' }],
      retry: {
        maxRetries: 2,
        perRetryTimeout: '4100ms',
        httpRetryEvents: ['stream-error'],
        tcpRetryEvents: ['connection-error'],
      },
      timeout: '4200ms',
    },
  },

  // 5. Data storage: system of record, lookup table, read-through cache
  data: {
    relational: { table: 'entities' },
    table: {
      name: 'Entities',
      partitionKey: 'pk',
      sortKey: 'sk',
      indexes: [
        {
          name: 'NameIndex',
          partitionKey: 'name',
          projection: { type: 'INCLUDE', attributes: ['attributes'] },
        },
      ],
    },
    cache: {
      hot: { ttl: '5m' },
      static: { ttl: '1h', match: { static: true } },
    },
    sessions: {
      table: { name: 'Sessions', partitionKey: 'pk', sortKey: 'sk', timeToLive: 'expiresAt' },
      idle: '8h',
      absolute: '7d',
      accessToken: '15m',
      leeway: '10s',
    },
  },

  // 6. Observability: alarms and whom they tell
  observability: {
    alarms: {
      HighCPUUsage: {
        description: 'Triggers when ECS CPU usage exceeds 80%',
        namespace: 'AWS/ECS',
        metric: 'CPUUtilization',
        dimensions: { ClusterName: 'CloudNativeCluster' },
        statistic: 'Average',
        period: '300s',
        evaluationPeriods: 2,
        threshold: 80,
        comparison: 'GreaterThanThreshold',
        missingData: 'notBreaching',
        topic: 'CloudNativeAlerts',
      },
    },
    topics: ['CloudNativeAlerts'],
  },
});
