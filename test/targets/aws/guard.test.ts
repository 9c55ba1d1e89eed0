import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import blueprint from '../../../blueprint.ts';
import { synthesize } from '../../../src/targets/aws/platform.ts';
import { assembly, planOf, root, temporaryFolder, withoutLook } from './synthesis.ts';

/** A finding that stays: which rule, at what, and why. */
interface Accepted {
  readonly rule: string;
  readonly at: RegExp;
  readonly reason: string;
}

const accepted: readonly Accepted[] = [
  {
    rule: 'cloudwatch_log_group_retention_period_check',
    at: /./,
    reason: 'How long logs are kept is the blueprint’s to say (observability.logRetention, 30 days).',
  },
  {
    rule: 'cloudwatch_log_group_encrypted_check',
    at: /-logs\/|execution-log/,
    reason: 'Each has the key of the class of logs, which the rule takes only from the same template.',
  },
  {
    rule: 'lambda_inside_vpc_check',
    at: /rotation|migration-run|authorizer|function-|CDKBucketDeployment|edge-functions/,
    reason: 'They call the vendor’s services alone, and reach nothing that is inside.',
  },
  {
    rule: 'lambda_function_public_access_prohibited_check',
    at: /permission/,
    reason:
      'Each is for one service of the vendor, bound by source account or ARN, which the rule does not see.',
  },
  {
    rule: 'nacl_no_unrestricted_ssh_rdp_check',
    at: /public-acl/,
    reason:
      'Answers to NAT arrive on any port from 1024; there is no host in these subnets that could be signed in to.',
  },
  {
    rule: 'ecs_container_insights_enabled_check',
    at: /cluster/,
    reason: 'It has the enhanced insights, which the rule does not know.',
  },
  {
    rule: 'alb_http_to_https_redirection_check',
    at: /balancer/,
    reason:
      'It is internal and takes connections from the API’s VPC link alone; the mesh behind it is mutual TLS.',
  },
  {
    rule: 'elbv2_deletion_protection_enabled_check',
    at: /balancer/,
    reason: 'It holds no data, and strata destroy is to remove it.',
  },
  {
    rule: 'elbv2_logging_enabled_check',
    at: /balancer/,
    reason: 'It logs to the bucket of the audit layer, whose name the rule takes only as a text.',
  },
  {
    rule: 's3_bucket_default_encryption_kms_check',
    at: /access-logs/,
    reason: 'Load balancers write access logs to buckets with the vendor’s own keys only.',
  },
  {
    rule: 's3_bucket_versioning_enabled_check',
    at: /access-logs|static/,
    reason: 'What is in them is written once, or made from the repository.',
  },
  {
    rule: 's3_bucket_logging_enabled_check',
    at: /access-logs|static/,
    reason: 'A log of access logs would log itself; the static content’s is named by a reference.',
  },
  { rule: 's3_event_notifications_enabled_check', at: /./, reason: 'Nothing waits for an object to arrive.' },
  { rule: 's3_lifecycle_policy_check', at: /static/, reason: 'The files of a page do not grow old.' },
  {
    rule: 's3_bucket_object_lock_enabled_check',
    at: /access-logs|static/,
    reason: 'The trail is locked; these are no evidence.',
  },
  {
    rule: 'cloud_trail_encryption_enabled_check',
    at: /trail/,
    reason: 'It is encrypted with the key of the audit class, which the rule takes only as a text.',
  },
  {
    rule: 'cloud_trail_cloud_watch_logs_enabled_check',
    at: /trail/,
    reason: 'It writes to a log group, which the rule takes only as a text.',
  },
  {
    rule: 'cloudfront_default_root_object_configured_check',
    at: /distribution/,
    reason: 'The function at the edge says which file a path means.',
  },
  {
    rule: 'cloudfront_origin_failover_enabled_check',
    at: /distribution/,
    reason: 'There is one region; a second origin would answer from the same.',
  },
  {
    rule: 'cloudfront_access_logs_enabled_check',
    at: /distribution/,
    reason: 'It logs to the bucket of the audit layer, whose name the rule takes only as a text.',
  },
  {
    rule: 'cloudfront_custom_ssl_certificate_check',
    at: /distribution/,
    reason: 'The blueprint names no domain (access.domain), and so no certificate.',
  },
  {
    rule: 'cloudfront_sni_enabled_check',
    at: /distribution/,
    reason: 'Without a domain the vendor’s own name and certificate serve.',
  },
  {
    rule: 'cloudfront_security_policy_check',
    at: /distribution/,
    reason: 'Without a domain the vendor sets the policy.',
  },
  {
    rule: 'api_gw_cache_encrypted_check',
    at: /stage/,
    reason: 'Every method that is cached is so encrypted, which the rule looks for in one place only.',
  },
];

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath?: string }[];
    }[];
  }[];
}

const rulesFolder = join(root, 'node_modules/@cdklabs/cdk-validator-cfnguard/rules/control-tower/cfn-guard');

/** The rules that are about a resource type the templates have: others could find nothing, and take as long. */
function applicableRules(): string[] {
  const types = new Set(
    assembly().stacks.flatMap(({ template }) =>
      Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    ),
  );
  return globSync('**/*.guard', { cwd: rulesFolder })
    .map((name) => join(rulesFolder, name))
    .filter((file) =>
      (readFileSync(file, 'utf8').match(/AWS::\w+::\w+/g) ?? []).some((type) => types.has(type)),
    );
}

/** Holds the templates against AWS Control Tower's rules in cfn-guard's language. @returns `rule at construct` */
function findings(): { rule: string; at: string }[] {
  const folder = temporaryFolder();
  const rules = () =>
    new CfnGuardValidator({
      controlTowerRulesEnabled: false,
      rules: applicableRules(),
    }) as IPolicyValidationPlugin;
  try {
    withoutLook(() => synthesize(planOf(blueprint), folder, { root, rules }));
  } catch (error) {
    // A finding ends the synthesis; what was found is in the report.
    if (!existsSync(join(folder, 'validation-report.json'))) throw error;
  }
  const report: Report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ violations }) =>
    violations.flatMap(({ ruleName: rule, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath: at = 'unnamed' }) => ({ rule, at })),
    ),
  );
}

describe("the templates and AWS's own guard rules", () => {
  const found = findings();

  test('agree, or there is a reason why not', () => {
    const open = found.filter(
      ({ rule, at }) => !accepted.some((known) => known.rule === rule && known.at.test(at)),
    );
    assert.deepEqual(open, []);
  });

  test('are not excused from more than they need', () => {
    const idle = accepted.filter(
      ({ rule, at }) => !found.some((finding) => finding.rule === rule && at.test(finding.at)),
    );
    assert.deepEqual(
      idle.map(({ rule }) => rule),
      [],
    );
  });
});
