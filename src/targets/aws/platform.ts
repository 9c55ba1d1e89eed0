import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import type { Plan } from '../../model/plan.ts';
import { createApiStack } from './api.ts';
import { createAuditStack } from './audit.ts';
import { createBoundaryStack, standOn } from './boundary.ts';
import { createCacheStack } from './cache.ts';
import { createCertificatesStack } from './certificates.ts';
import { createClientsStack } from './clients.ts';
import { createComputeStack } from './compute.ts';
import { createConnectivityStack } from './connectivity.ts';
import { createEdgeStack } from './edge.ts';
import { createEdgeFirewallStack } from './edge-firewall.ts';
import { createEdgeFunctionsStack } from './edge-functions.ts';
import { createGatewayStack } from './gateway.ts';
import { createIdentityStack } from './identity.ts';
import { createKeysStack } from './keys.ts';
import type { Deployment } from './layer.ts';
import { createLogsStack } from './logs.ts';
import { createMeshStack } from './mesh.ts';
import { createNetworkStack } from './network.ts';
import { createObservabilityStack } from './observability.ts';
import { createRelationalStack } from './relational.ts';
import { createSessionsStack } from './sessions.ts';
import { createTableStack } from './table.ts';

/** What synthesis may be told beside the plan. */
export interface SynthesisOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Twelve digits; without it the templates fit any account. */
  readonly account?: string;
  /** Makes stacks that take their data with them when they are removed. */
  readonly deleteData?: boolean;
  /**
   * Whether it is for an emulator of the account: stacks then name each other's values by exports, the older way, and
   * are without protection from deletion, which emulators do not know.
   */
  readonly emulated?: boolean;
  /** Rules the templates are held against; a finding is an error. */
  readonly rules?: (app: App) => IPolicyValidationPlugin;
}

/**
 * Turns a plan into CloudFormation: one stack a layer, written to a folder that deploying needs nothing beside.
 * Pure but for that folder: no account, no network, no container engine, and the same plan gives the same templates.
 */
export function synthesize(plan: Plan, outputFolder: string, options: SynthesisOptions): CloudAssembly {
  const { root, account, deleteData = false, emulated = false, rules } = options;
  clearAssembly(outputFolder);
  const app = new App({
    outdir: outputFolder,
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    context: {
      ...featureFlags,
      // What the library itself finds wrong with a template is an error, too.
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      '@aws-cdk/core:defaultCrossStackReferences': emulated ? 'strong' : 'weak',
    },
  });
  layOut({ app, root, account, deleteData, emulated }, plan);
  if (rules) Validations.of(app).addPlugins(rules(app));
  return app.synth();
}

/** What an assembly leaves in its folder; the first says that there is one. */
const assemblyFiles = ['cdk.out', 'manifest.json', 'validation-report.json', 'images', 'functions'];
const assemblyPattern = /^asset\.|\.(template|assets|metadata)\.json$/;

/** Takes away what was synthesized there before, so that nothing stale is deployed; anything else in the folder stays. */
function clearAssembly(folder: string): void {
  if (!existsSync(join(folder, 'cdk.out'))) return;
  for (const name of readdirSync(folder)) {
    if (assemblyFiles.includes(name) || assemblyPattern.test(name))
      rmSync(join(folder, name), { recursive: true });
  }
}

/** Every layer in the order of what stands on what. */
function layOut(deployment: Deployment, plan: Plan): void {
  const boundary = createBoundaryStack(deployment, plan);
  const keys = createKeysStack(deployment, plan);
  const logs = createLogsStack(deployment, plan, { keys });
  const network = createNetworkStack(deployment, plan, { logs });
  const audit = createAuditStack(deployment, plan, { keys, logs });
  const relational = createRelationalStack(deployment, plan, { keys, logs, network });
  const table = createTableStack(deployment, plan, { keys });
  const cache = createCacheStack(deployment, plan, { keys, network });
  const connectivity = createConnectivityStack(deployment, plan, { network });
  const certificates = createCertificatesStack(deployment, plan, { keys, logs });
  const mesh = createMeshStack(deployment, plan, { network });
  const { services, balancer } = createComputeStack(deployment, plan, {
    logs,
    network,
    connectivity,
    relational,
    table,
    cache,
    certificates,
    mesh,
    accessLogs: audit.accessLogs,
  });
  createObservabilityStack(deployment, plan, { keys, services });

  // What clients reach. The API's address stands first: the CDN passes on to it, sign-in leads back to the CDN, and
  // the API takes the tokens of those who signed in.
  const identity = createIdentityStack(deployment, plan);
  const api = createApiStack(deployment, plan);
  const webAclArn = createEdgeFirewallStack(deployment, plan);
  const functions = createEdgeFunctionsStack(deployment, plan);
  const edge = createEdgeStack(deployment, plan, { api, audit, functions, keys, logs, webAclArn });
  const { issuer, webClientId } = createClientsStack(deployment, plan, { identity, siteUrl: edge.siteUrl });
  const sessions = createSessionsStack(deployment, plan, { keys });
  createGatewayStack(deployment, plan, {
    api,
    keys,
    logs,
    entrance: {
      subnetIds: network.vpc.privateSubnets.map(({ subnetId }) => subnetId),
      securityGroupId: network.groups.link.securityGroupId,
    },
    issuer,
    balancer: { arn: balancer.loadBalancerArn, url: `http://${balancer.loadBalancerDnsName}` },
    cdn: edge.originHeader,
    sessions: {
      ...sessions,
      origin: edge.siteUrl,
      pool: { issuer: identity.issuer, endpoint: identity.endpoint, clientId: webClientId },
    },
  });
  standOn(boundary, deployment);
}
