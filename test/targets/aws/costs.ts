import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

/** Hours of a month, as the vendor's calculator counts. */
const month = 730;

/**
 * List prices in US dollars, us-west-2, on demand, as published in June 2026. By the hour unless said otherwise.
 */
const prices = {
  endpoint: 0.01,
  nat: 0.045,
  publicAddress: 0.005,
  capacityUnit: 0.12,
  processor: 0.03238,
  gibibyte: 0.00356,
  balancer: 0.0225,
  apiCache: 0.02,
  cacheGibibyte: 0.084,
  /** By the month. */
  webAcl: 5,
  rule: 1,
  botControl: 10,
  key: 1,
  secret: 0.4,
  alarm: 0.1,
  zoneOfNames: 0.5,
} as const;

/** Gigabytes that the cache is paid for at least. */
const smallestCache = 0.1;

/** Something that is paid for whether or not anyone calls. */
export interface Cost {
  readonly what: string;
  readonly count: string;
  /** US dollars. */
  readonly monthly: number;
  /** What of the blueprint makes it more or less. */
  readonly driver: string;
}

/** What the repository's own blueprint costs a month while nobody calls, counted from the templates; the dearest first. */
export function idleCosts(): Cost[] {
  const all = (layer: string, type: string) => Object.values(propertiesOf(templateOf(layer), type));
  const endpoints = all('connectivity', 'AWS::EC2::VPCEndpoint').filter(
    ({ VpcEndpointType }) => VpcEndpointType === 'Interface',
  );
  const zones = Math.max(...endpoints.map(({ SubnetIds }) => (SubnetIds as unknown[]).length));
  const nat = all('connectivity', 'AWS::EC2::NatGateway').length;
  const instances = all('relational', 'AWS::RDS::DBInstance').length;
  const cluster = onlyOf(templateOf('relational'), 'AWS::RDS::DBCluster');
  const { MinCapacity } = cluster.ServerlessV2ScalingConfiguration as { readonly MinCapacity: number };
  const tasks = all('compute', 'AWS::ApplicationAutoScaling::ScalableTarget').map((target) => sizeOf(target));
  const acls = ['gateway', 'edge-firewall'].flatMap((layer) => all(layer, 'AWS::WAFv2::WebACL'));
  const rules = acls.flatMap(({ Rules }) => Rules as Properties[]);
  const bots = rules.filter(({ Name }) => Name === 'AWSManagedRulesBotControlRuleSet').length;
  const keys = countOf('AWS::KMS::Key');
  // And the one the database makes of its owner.
  const secrets = countOf('AWS::SecretsManager::Secret') + 1;
  const alarms = countOf('AWS::CloudWatch::Alarm');
  const zonesOfNames = countOf('AWS::ServiceDiscovery::PrivateDnsNamespace');
  const costs: Cost[] = [
    {
      what: 'interface endpoints',
      count: `${endpoints.length} services in ${zones} zones`,
      monthly: endpoints.length * zones * prices.endpoint * month,
      driver: '`compute.network.zones`',
    },
    {
      what: 'NAT gateways and their addresses',
      count: `${nat}, and $0.045 a GB`,
      monthly: nat * (prices.nat + prices.publicAddress) * month,
      driver: '`mesh.egressFilter`: with `DROP_ALL` there is none',
    },
    {
      what: 'Aurora',
      count: `${instances} instances from ${MinCapacity} units`,
      monthly: instances * MinCapacity * prices.capacityUnit * month,
      driver: '`data.relational.capacity`',
    },
    {
      what: 'Fargate tasks on ARM',
      count: String(tasks.reduce((sum, { count }) => sum + count, 0)),
      monthly: tasks.reduce(
        (sum, { count, processors, gibibytes }) =>
          sum + count * (processors * prices.processor + gibibytes * prices.gibibyte) * month,
        0,
      ),
      driver: '`tasks`, `cpu`, `memory`, `scaling`',
    },
    {
      what: 'web ACLs with bot control',
      count: `${acls.length} with ${rules.length} rules, and $1.60 a million requests`,
      monthly: acls.length * prices.webAcl + rules.length * prices.rule + bots * prices.botControl,
      driver: 'fixed',
    },
    {
      what: 'load balancer',
      count: `${all('compute', 'AWS::ElasticLoadBalancingV2::LoadBalancer').length}`,
      monthly: prices.balancer * month,
      driver: 'fixed',
    },
    {
      what: 'API cache',
      count: `${all('gateway', 'AWS::ApiGateway::Stage')[0]?.CacheClusterSize} GB`,
      monthly: prices.apiCache * month,
      driver: '`gateway.cacheSize`; no cached route, no cache',
    },
    { what: 'KMS keys', count: String(keys), monthly: keys * prices.key, driver: 'one a class of data' },
    {
      what: 'Valkey Serverless',
      count: `${smallestCache} GB at least`,
      monthly: smallestCache * prices.cacheGibibyte * month,
      driver: 'what the cache holds',
    },
    {
      what: 'secrets',
      count: String(secrets),
      monthly: secrets * prices.secret,
      driver: 'one a proxy of the mesh, and three',
    },
    {
      what: 'alarms, and zones of names in the mesh',
      count: `${alarms}, and ${zonesOfNames}`,
      monthly: alarms * prices.alarm + zonesOfNames * prices.zoneOfNames,
      driver: 'one a service; one a domain of hostnames',
    },
  ];
  return costs.sort((one, other) => other.monthly - one.monthly);
}

/** How many resources of a type all stacks have together. */
function countOf(type: string): number {
  return assembly()
    .stacks.flatMap(({ template }) => Object.values(template.Resources as Record<string, { Type: string }>))
    .filter(({ Type }) => Type === type).length;
}

/** How many tasks of which size a service has at least. */
function sizeOf({ ResourceId, MinCapacity }: Properties) {
  const services: Readonly<Record<string, unknown>> = propertiesOf(
    templateOf('compute'),
    'AWS::ECS::Service',
  );
  const tasks = propertiesOf(templateOf('compute'), 'AWS::ECS::TaskDefinition');
  const name = Object.keys(services).find((id) => JSON.stringify(ResourceId).includes(`"${id}"`)) ?? '';
  const { TaskDefinition } = services[name] as { readonly TaskDefinition: { readonly Ref: string } };
  const { Cpu, Memory } = tasks[TaskDefinition.Ref] as Properties;
  return { count: Number(MinCapacity), processors: Number(Cpu) / 1024, gibibytes: Number(Memory) / 1024 };
}
