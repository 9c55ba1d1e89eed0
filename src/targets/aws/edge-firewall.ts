import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Plan } from '../../model/plan.ts';
import { edgeRegion } from './edge/region.ts';
import { allowLogs, refuseGrantsToOthers } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import { retentionDays } from './logs.ts';
import { createWebAcl } from './web-acl.ts';

/** Makes the web ACL in front of the CDN. @returns its ARN */
export function createEdgeFirewallStack(deployment: Deployment, plan: Plan): string {
  const logGroup = createLog(deployment, plan);
  const layer = new Layer(deployment, plan, {
    name: 'edge-firewall',
    description: 'the web ACL in front of the CDN',
    region: edgeRegion,
  });
  return createWebAcl(layer, plan, { scope: 'CLOUDFRONT', logGroup: logGroup.logGroupName }).attrArn;
}

/** The log outlives the web ACL, with a key of its own: keys do not leave their region. */
function createLog(deployment: Deployment, plan: Plan): LogGroup {
  const layer = new Layer(deployment, plan, {
    name: 'edge-logs',
    description: 'the log group of the web ACL in front of the CDN',
    region: edgeRegion,
    holdsData: true,
  });
  const key = new Key(layer, 'key', {
    alias: `${plan.name}/edge-logs`,
    description: `${plan.name}: log groups of the CDN`,
    enableKeyRotation: true,
    rotationPeriod: Duration.days(365),
    pendingWindow: Duration.days(30),
    removalPolicy: layer.dataRemoval,
  });
  refuseGrantsToOthers(key);
  allowLogs(key);
  return new LogGroup(layer, 'log', {
    logGroupName: `aws-waf-logs-${plan.name}-cdn`,
    encryptionKey: key,
    retention: retentionDays(plan.observability.logRetention),
    removalPolicy: layer.dataRemoval,
  });
}
