import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Plan } from '../../model/plan.ts';

type Rule = Omit<CfnWebACL.RuleProperty, 'priority'>;
type Statement = CfnWebACL.StatementProperty;

/** A header field and its value, that only the CDN knows. */
export interface OriginHeader {
  readonly name: string;
  readonly value: string;
}

/** Where a web ACL stands, and what it may know of the requests there. */
export interface WebAclOptions {
  /** CLOUDFRONT stands in front of the CDN and sees viewers; REGIONAL in front of the API. */
  readonly scope: 'CLOUDFRONT' | 'REGIONAL';
  /** Name of its log group, which the vendor wants to start with `aws-waf-logs-`. */
  readonly logGroup: string;
  /**
   * What the CDN's own requests carry: they come from a few addresses of the vendor's, and were inspected by viewer
   * before, so no rule about addresses is for them.
   */
  readonly cdn?: OriginHeader;
}

/** Header fields of this family only the gateway sets, and services trust them. */
const internalHeaders = 'x-strata-';

/**
 * A web ACL with the vendor's managed rules and a rate rule; first what looks at the address alone.
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */
export function createWebAcl(scope: Construct, plan: Plan, options: WebAclOptions): CfnWebACL {
  const { scope: place, logGroup, cdn } = options;
  const regional = place === 'REGIONAL';
  const name = `${plan.name}-${regional ? 'api' : 'cdn'}`;
  const viewers = cdn === undefined ? {} : { scopeDownStatement: not(headerIs(cdn)) };
  const rules: Rule[] = [
    ...(regional ? [refuseInternalHeaders] : []),
    managedRules('AWSManagedRulesAmazonIpReputationList', viewers),
    rateRule(plan.access.rateLimit, viewers),
    managedRules('AWSManagedRulesBotControlRuleSet', {
      ...viewers,
      managedRuleGroupConfigs: [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: 'COMMON' } }],
      // Mobile apps call the API through an HTTP library, and are no browsers.
      ...(regional
        ? { ruleActionOverrides: counted('CategoryHttpLibrary', 'SignalNonBrowserUserAgent') }
        : {}),
    }),
    // The services bound what they take; this rule of the group would refuse any body above 8 KB.
    managedRules('AWSManagedRulesCommonRuleSet', { ruleActionOverrides: counted('SizeRestrictions_BODY') }),
    managedRules('AWSManagedRulesKnownBadInputsRuleSet'),
    ...(regional ? [managedRules('AWSManagedRulesSQLiRuleSet')] : []),
  ];
  const acl = new CfnWebACL(scope, 'web-acl', {
    name,
    description: `What reaches the ${regional ? 'API' : 'CDN'}`,
    scope: place,
    defaultAction: { allow: {} },
    rules: rules.map((rule, priority) => ({ ...rule, priority })),
    visibilityConfig: visibility(name),
  });
  new CfnLoggingConfiguration(scope, 'web-acl-log', {
    resourceArn: acl.attrArn,
    // Without the `:*` that a reference to the log group would end in: the service refuses that.
    logDestinationConfigs: [
      Stack.of(scope).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: logGroup,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ],
    redactedFields: ['authorization', 'cookie'].map((field) => ({ singleHeader: { Name: field } })),
  });
  return acl;
}

/** Refuses a client that speaks in the gateway's name: a REST API's proxy integration passes on every header. */
const refuseInternalHeaders: Rule = {
  name: 'internal-headers',
  action: { block: {} },
  visibilityConfig: visibility('internal-headers'),
  statement: {
    byteMatchStatement: {
      fieldToMatch: {
        headers: { matchPattern: { all: {} }, matchScope: 'KEY', oversizeHandling: 'MATCH' },
      },
      positionalConstraint: 'STARTS_WITH',
      searchString: internalHeaders,
      textTransformations: [{ priority: 0, type: 'LOWERCASE' }],
    },
  },
};

/** Refuses an address that sends more than the blueprint allows it, for as long as it does. */
function rateRule(
  { requests, window }: Plan['access']['rateLimit'],
  viewers: { readonly scopeDownStatement?: Statement },
): Rule {
  return {
    name: 'rate',
    action: { block: { customResponse: { responseCode: 429 } } },
    visibilityConfig: visibility('rate'),
    statement: {
      rateBasedStatement: {
        aggregateKeyType: 'IP',
        limit: requests,
        evaluationWindowSec: window / 1000,
        ...viewers,
      },
    },
  };
}

type ManagedRules = Omit<CfnWebACL.ManagedRuleGroupStatementProperty, 'vendorName' | 'name'>;

function managedRules(name: string, options: ManagedRules = {}): Rule {
  return {
    name,
    overrideAction: { none: {} },
    visibilityConfig: visibility(name),
    statement: { managedRuleGroupStatement: { vendorName: 'AWS', name, ...options } },
  };
}

/** Rules of a group that only count and label. */
function counted(...names: string[]): CfnWebACL.RuleActionOverrideProperty[] {
  return names.map((name) => ({ name, actionToUse: { count: {} } }));
}

function headerIs({ name, value }: OriginHeader): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { Name: name } },
      positionalConstraint: 'EXACTLY',
      searchString: value,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}

function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, sampledRequestsEnabled: true, cloudWatchMetricsEnabled: true };
}
