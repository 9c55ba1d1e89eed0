import { CfnOutput, Validations } from 'aws-cdk-lib';
import type { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { pagesFolder } from '../../edge/pages-folder.ts';
import type { Plan } from '../../model/plan.ts';
import type { Api } from './api.ts';
import type { Audit } from './audit.ts';
import { copyContent, createContent } from './edge/content.ts';
import { createDistribution } from './edge/distribution.ts';
import { distributionArn } from './edge/distribution-name.ts';
import { createPolicies } from './edge/policies.ts';
import type { EdgeFunctionVersions } from './edge-functions.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import type { OriginHeader } from './web-acl.ts';

/** What the CDN stands on. */
export interface EdgeInputs {
  readonly api: Api;
  readonly audit: Audit;
  readonly functions: EdgeFunctionVersions;
  readonly keys: Keys;
  readonly logs: Logs;
  /** Of the web ACL in front. */
  readonly webAclArn: string;
}

/** What the CDN gives to others. */
export interface Edge {
  /** Where viewers see the platform, without a slash at its end. */
  readonly siteUrl: string;
  /** What the CDN's requests to the API carry, so that the API's web ACL knows them. */
  readonly originHeader: OriginHeader;
}

/** Makes the CDN and the static files behind it. */
export function createEdgeStack(deployment: Deployment, plan: Plan, inputs: EdgeInputs): Edge {
  const { api, audit, functions, keys, logs, webAclArn } = inputs;
  const layer = new Layer(deployment, plan, {
    name: 'edge',
    description: 'the CDN and its static files',
    refersAcrossRegions: true,
  });
  const folder = pagesFolder(deployment.root, contentFolder(plan));
  const content = createContent(layer, { keys, accessLogs: audit.accessLogs });
  const originHeader = { name: 'x-origin-verify', value: createOriginSecret(layer) };
  const distribution = createDistribution(layer, plan, {
    content,
    api,
    originHeader,
    policies: createPolicies(layer, plan, folder),
    functions,
    webAclArn,
    accessLogs: audit.accessLogs,
  });
  copyContent(layer, {
    folder,
    bucket: content,
    distribution,
    keys,
    logGroup: logs.group(`/edge/${plan.name}/content`),
  });
  Validations.of(distribution).acknowledge(
    { id: 'AwsSolutions-CFR1', reason: 'The platform is for viewers everywhere.' },
    ...(plan.access.domain === undefined
      ? [
          {
            id: 'AwsSolutions-CFR4',
            reason: 'The blueprint gives no domain, and the own certificate of the CDN has a fixed minimum.',
          },
        ]
      : []),
  );
  allowReads(layer, { content, distribution, keys });
  const siteUrl = `https://${plan.access.domain?.name ?? distribution.attrDomainName}`;
  new CfnOutput(layer, 'Site', { value: siteUrl, description: 'What viewers open' });
  if (plan.access.domain) {
    new CfnOutput(layer, 'SiteAlias', {
      value: distribution.attrDomainName,
      description: `What the name ${plan.access.domain.name} has to point to`,
    });
  }
  return { siteUrl, originHeader };
}

/** The folder of static files; a plan that is deployed has one. */
function contentFolder({ access }: Plan): string {
  const folder = Object.values(access.origins).find((origin) => 'folder' in origin)?.folder;
  if (folder === undefined) throw new Error('the plan has no origin with files');
  return folder;
}

/** Lets this one distribution read the files; it may list them so that a missing one is 404 and not 403. */
function allowReads(
  layer: Layer,
  { content, distribution, keys }: { content: Bucket; distribution: CfnDistribution; keys: Keys },
): void {
  const principals = [new ServicePrincipal('cloudfront.amazonaws.com')];
  const conditions = { StringEquals: { 'aws:SourceArn': distributionArn(layer, distribution.ref) } };
  content.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['s3:GetObject'],
      resources: [content.arnForObjects('*')],
      conditions,
    }),
  );
  content.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['s3:ListBucket'],
      resources: [content.bucketArn],
      conditions,
    }),
  );
  // The key stands before any distribution does, so it cannot name one.
  keys.objects.addToResourcePolicy(
    new PolicyStatement({
      principals,
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { ArnLike: { 'aws:SourceArn': distributionArn(layer, '*') } },
    }),
  );
}

/** What tells the CDN's requests from others at the API. It opens nothing: without it, rules for viewers apply. */
function createOriginSecret(layer: Layer): string {
  const secret = new Secret(layer, 'origin-secret', {
    description: 'Carried by what the CDN asks of the API',
    generateSecretString: { excludePunctuation: true, passwordLength: 48 },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'It grants no access; a rotation would have to change the CDN and the web ACL at one moment.',
  });
  return secret.secretValue.unsafeUnwrap();
}
