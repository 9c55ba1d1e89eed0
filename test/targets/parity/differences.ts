/** Why a setting is not the same in both worlds, or is not compared. */
export interface Difference {
  /** A name, or the beginning of names with a `*` at its end. */
  readonly setting: string;
  readonly reason: string;
}

/** Every difference that is meant; any other fails the test. */
export const differences: readonly Difference[] = [
  { setting: 'name', reason: 'Names stacks and resources; a laptop runs one platform.' },
  { setting: 'region', reason: 'Where the stacks stand; on a laptop it only names the user pool.' },
  { setting: 'sla.*', reason: 'Objectives: measured with `strata bench`, set nowhere.' },

  {
    setting: 'access.origins.*',
    reason:
      'A folder, which a laptop serves and deploying copies to the bucket, or the one gateway there is.',
  },
  {
    setting: 'access.cachePolicies.*',
    reason: 'Compared as what behaviours keep, for how long, by what: the rows `access.behaviors.….cache.…`.',
  },
  {
    setting: 'access.originRequestPolicies.*',
    reason: 'Compared as what reaches the origins: the rows `access.behaviors.….forwards.…`.',
  },
  {
    setting: 'access.behaviors.*.cachedMethods',
    reason: 'GET and HEAD, which both always keep, and OPTIONS, which the blueprint does not ask for.',
  },
  {
    setting: 'access.behaviors.*Policy',
    reason: 'A name; compared as what the policy does: the rows `cache`, `forwards` and `edge.headers`.',
  },
  {
    setting: 'access.behaviors.*.compress',
    reason: 'Compared as the codings of answers: the rows `access.behaviors.….compression`.',
  },
  {
    setting: 'access.behaviors.*.viewerProtocol',
    reason: 'Which of both protocols a laptop is asked by is up to who asks: it answers in each.',
  },
  {
    setting: 'access.functions.*.includeBody',
    reason: 'Whether a function is given bodies: none of the blueprint is.',
  },
  {
    setting: 'access.functions.*.source',
    reason: 'A folder: a laptop runs its program, deploying puts it into the function.',
  },
  {
    setting: 'access.errorPages',
    reason: 'None in the blueprint: compared as what becomes of errors then, the rows `access.errorPages.…`.',
  },
  {
    setting: 'access.responseHeadersPolicies.*',
    reason: 'Compared as the header fields that answers have: the rows `edge.headers.…`.',
  },
  { setting: 'access.store.*', reason: "The vendor's caches have no size to set." },
  {
    setting: 'access.store.*',
    reason: 'How much a laptop may keep; how much the CDN keeps is its own affair.',
  },
  {
    setting: 'access.domain*',
    reason: 'On a laptop the edge has the name of the machine and no certificate.',
  },
  { setting: 'access.mobile*', reason: 'No mobile app signs in to a laptop.' },
  { setting: 'access.rateLimit*', reason: 'There is no web ACL on a laptop.' },
  {
    setting: 'edge.headers.*.strict-transport-security',
    reason: 'Means something over TLS alone (RFC 6797, 7.2), which the edge of a laptop does not speak.',
  },

  { setting: 'gateway.stage', reason: 'A part of the address in an account; a laptop has no stages.' },
  {
    setting: 'gateway.account*',
    reason:
      'In an account a quota of the account itself; no template sets it. The stage has it as its default.',
  },
  { setting: 'gateway.cacheSize', reason: 'The vendor offers a few sizes, from 0.5 GB; a laptop has less.' },
  {
    setting: 'gateway.cacheRefresh.allow',
    reason: 'The vendor knows whether a right is needed, not which role has it.',
  },
  {
    setting: 'gateway.routes.*.service',
    reason: 'Both hand every route to the ingress of the mesh, whose routes say which service has it.',
  },
  {
    setting: 'gateway.functions.*.source',
    reason: 'A folder: a laptop runs the program in it, deploying bundles it.',
  },
  {
    setting: 'gateway.functions.*.stores',
    reason: 'Who may reach a store: policies in an account, who is told its address on a laptop.',
  },

  {
    setting: 'mesh.*',
    reason: 'Compared as what the proxies make of it: the rows `proxy.…`.',
  },
  {
    setting: 'compute.services.*.health.*',
    reason: 'Compared as the health checks of the proxies that call the service: `proxy.….health.…`.',
  },
  {
    setting: 'compute.services.*.port',
    reason:
      'A port of the mesh: a laptop, where everything shares one address, gives each listener a free one.',
  },
  {
    setting: 'compute.services.*.source',
    reason: 'A folder: a laptop starts its program, deploying puts it into an image.',
  },
  {
    setting: 'compute.services.*.logGroup',
    reason: 'A log group in an account; on a laptop a file a process, which `strata logs` reads.',
  },
  {
    setting: 'compute.services.*.stopTimeout',
    reason: 'Acts at the end of a task alone: nothing that runs shows it.',
  },
  {
    setting: 'compute.services.*.stores',
    reason:
      'Who may reach a store: security groups and policies in an account, nobody but the owner on a laptop.',
  },
  { setting: 'compute.services.*.cpu', reason: 'A laptop gives its processes no shares.' },
  { setting: 'compute.services.*.memory', reason: 'A laptop gives its processes no shares.' },
  { setting: 'compute.services.*.architecture', reason: "A laptop's is its own." },
  { setting: 'compute.services.*.scaling.*', reason: 'A laptop runs as many tasks as the blueprint says.' },
  { setting: 'compute.ingress.*', reason: 'On a laptop one proxy; in an account tasks, with a size.' },
  { setting: 'compute.cluster', reason: 'A name in an account.' },
  { setting: 'compute.network.*', reason: 'A laptop has one network, its loopback interface.' },
  {
    setting: 'data.cache.memory',
    reason: "The vendor's smallest cache is a gibibyte; a laptop gives it what the blueprint says.",
  },
  { setting: 'data.relational.capacity.*', reason: 'A laptop gives the database what it has.' },
  { setting: 'data.relational.backups', reason: 'A laptop keeps no backups.' },

  {
    setting: 'observability.*',
    reason:
      'Known to the account alone until a laptop evaluates alarms: it writes logs, has no topics, budget or trail.',
  },
];

/** Why a setting may differ; undefined when it may not. */
export function reasonFor(setting: string): string | undefined {
  return differences.find((difference) => covers(difference, setting))?.reason;
}

/** Whether a difference is about a setting. */
export function covers({ setting: pattern }: Difference, setting: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(setting);
}
