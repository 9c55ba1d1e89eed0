import { behaviorSettings, questions } from '../edge-questions.ts';
import type { Settings } from '../settings.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** A policy's word for which names count, and the names. */
interface Names {
  readonly behavior: string;
  readonly names: readonly string[];
}

interface CachePolicy {
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly codings: readonly string[];
  readonly query: Names;
  readonly headers: Names;
  readonly cookies: Names;
}

type OriginRequestPolicy = Pick<CachePolicy, 'query' | 'headers' | 'cookies'>;

const none: Names = { behavior: 'none', names: [] };
const all: Names = { behavior: 'all', names: [] };

/** The vendor's own policies, which a template has by their ids alone, as the vendor's pages describe them. */
const managedCache: Readonly<Record<string, CachePolicy>> = {
  // CachingDisabled: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': {
    ...{ minTtl: 0, defaultTtl: 0, maxTtl: 0, codings: [] },
    ...{ query: none, headers: none, cookies: none },
  },
};
const managedOriginRequest: Readonly<Record<string, OriginRequestPolicy>> = {
  // AllViewerExceptHostHeader: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': {
    query: all,
    headers: { behavior: 'allExcept', names: ['Host'] },
    cookies: all,
  },
};

/** How long the vendor keeps an error when nobody says: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const errorTime = 10;

/** What the templates say of each behaviour. */
export function edgeBehaviors(templates: Templates): Settings {
  const { DistributionConfig } = resourceOf(templates, 'edge', 'AWS::CloudFront::Distribution');
  const config = DistributionConfig as Properties;
  const behaviors = [
    ...((config.CacheBehaviors ?? []) as readonly Properties[]),
    { ...(config.DefaultCacheBehavior as Properties), PathPattern: '/*' },
  ];
  const pages = (config.CustomErrorResponses ?? []) as readonly {
    readonly ErrorCode: number;
    readonly ErrorCachingMinTTL?: number;
  }[];
  const errors = questions.errors.map((status) => {
    const said = pages.find(({ ErrorCode }) => ErrorCode === status)?.ErrorCachingMinTTL;
    return [`access.errorPages.${status}.ttl`, (said ?? errorTime) * 1000];
  });
  return Object.assign(
    Object.fromEntries(errors),
    ...behaviors.map((behavior) => settingsOf(templates, behavior)),
  );
}

function settingsOf(templates: Templates, behavior: Properties): Settings {
  const cache = cachePolicyOf(templates, behavior.CachePolicyId);
  const added = originRequestPolicyOf(templates, behavior.OriginRequestPolicyId);
  // What is in the key is what the origin gets, and where nothing is kept there is no key.
  const keyed = (kind: 'query' | 'headers' | 'cookies') =>
    cache.maxTtl === 0 ? [] : questions[kind].filter((name) => counts(cache[kind], name));
  const forwarded = (kind: 'query' | 'headers' | 'cookies') =>
    questions[kind].filter((name) => counts(cache[kind], name) || counts(added[kind], name));
  const functions = (behavior.LambdaFunctionAssociations ?? []) as readonly Properties[];
  return behaviorSettings(String(behavior.PathPattern), {
    methods: behavior.AllowedMethods as readonly string[],
    cache: {
      minTtl: cache.minTtl * 1000,
      defaultTtl: cache.defaultTtl * 1000,
      maxTtl: cache.maxTtl * 1000,
      query: keyed('query'),
      headers: keyed('headers'),
      cookies: keyed('cookies'),
    },
    forwards: {
      query: forwarded('query'),
      headers: forwarded('headers'),
      cookies: forwarded('cookies'),
    },
    compression: behavior.Compress === true ? cache.codings : [],
    functions: Object.fromEntries(
      functions.map(({ EventType, LambdaFunctionARN }) => [String(EventType), functionOf(LambdaFunctionARN)]),
    ),
  });
}

/** The function whose version an association names by another stack's output. */
function functionOf(arn: unknown): string {
  return /FnGetAtt(\w+?)version/.exec(JSON.stringify(arn))?.[1] ?? 'unknown';
}

function cachePolicyOf(templates: Templates, id: unknown): CachePolicy {
  const managed = typeof id === 'string' ? managedCache[id] : undefined;
  if (managed) return managed;
  const own = resourcesOf(templates, 'edge', 'AWS::CloudFront::CachePolicy')[(id as { Ref: string }).Ref];
  const config = own?.CachePolicyConfig as Properties;
  const key = config.ParametersInCacheKeyAndForwardedToOrigin as Properties;
  return {
    minTtl: Number(config.MinTTL),
    defaultTtl: Number(config.DefaultTTL),
    maxTtl: Number(config.MaxTTL),
    codings: [
      ...(key.EnableAcceptEncodingBrotli === true ? ['br'] : []),
      ...(key.EnableAcceptEncodingGzip === true ? ['gzip'] : []),
    ],
    ...namesIn(key),
  };
}

function originRequestPolicyOf(templates: Templates, id: unknown): OriginRequestPolicy {
  if (id === undefined) return { query: none, headers: none, cookies: none };
  const managed = typeof id === 'string' ? managedOriginRequest[id] : undefined;
  if (managed) return managed;
  const policies = resourcesOf(templates, 'edge', 'AWS::CloudFront::OriginRequestPolicy');
  return namesIn(policies[(id as { Ref: string }).Ref]?.OriginRequestPolicyConfig as Properties);
}

function namesIn(config: Properties): OriginRequestPolicy {
  const part = (kind: string, behavior: string, list: string): Names => {
    const { [behavior]: word, [list]: names = [] } = config[kind] as Properties;
    return { behavior: String(word), names: names as readonly string[] };
  };
  return {
    query: part('QueryStringsConfig', 'QueryStringBehavior', 'QueryStrings'),
    headers: part('HeadersConfig', 'HeaderBehavior', 'Headers'),
    cookies: part('CookiesConfig', 'CookieBehavior', 'Cookies'),
  };
}

function counts({ behavior, names }: Names, name: string): boolean {
  if (behavior === 'none' || behavior.startsWith('all')) {
    return behavior !== 'none' && !(behavior === 'allExcept' && listed(names, name));
  }
  return listed(names, name);
}

function listed(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
