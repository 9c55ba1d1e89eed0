import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { planOf } from './plan.ts';
import { onlyOf, type Properties } from './resources.ts';
import { templateOf } from './templates.ts';

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: Properties;
  readonly Statement: {
    readonly ManagedRuleGroupStatement?: {
      readonly Name: string;
      readonly ScopeDownStatement?: Properties;
      readonly RuleActionOverrides?: readonly { readonly Name: string }[];
    };
    readonly RateBasedStatement?: Properties;
  };
}

const rulesOf = (layer: string) => onlyOf(templateOf(layer), 'AWS::WAFv2::WebACL').Rules as readonly Rule[];

describe('the web ACL in front of the API', () => {
  test('has the managed rules, a rate rule, and one against those who speak as the gateway', () => {
    const rules = rulesOf('gateway');
    assert.deepEqual(
      rules.map(({ Name }) => Name),
      [
        'internal-headers',
        'AWSManagedRulesAmazonIpReputationList',
        'rate',
        'AWSManagedRulesBotControlRuleSet',
        'AWSManagedRulesCommonRuleSet',
        'AWSManagedRulesKnownBadInputsRuleSet',
        'AWSManagedRulesSQLiRuleSet',
      ],
    );
    assert.deepEqual(
      rules.map(({ Priority }) => Priority),
      [...rules.keys()],
    );
  });

  test("holds the CDN's requests against no rule about addresses, and everything against the others", () => {
    for (const { Name, Statement } of rulesOf('gateway')) {
      const { ManagedRuleGroupStatement: group, RateBasedStatement: rate } = Statement;
      const scope = JSON.stringify(group?.ScopeDownStatement ?? rate?.ScopeDownStatement ?? {});
      const byAddress = /IpReputation|BotControl|^rate$/.test(Name);
      assert.equal(/"NotStatement".*"x-origin-verify"/.test(scope), byAddress, Name);
    }
  });

  test('refuses header fields of the family that services trust', () => {
    const [rule] = rulesOf('gateway');
    assert.deepEqual(rule?.Action, { Block: {} });
    assert.match(JSON.stringify(rule?.Statement), /"MatchScope":"KEY".*"SearchString":"x-strata-"/);
  });

  test('lets larger bodies and other clients than browsers be, and counts them', () => {
    const overrides = rulesOf('gateway').flatMap(
      ({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides ?? [],
    );
    assert.deepEqual(
      overrides.map(({ Name }) => Name),
      ['CategoryHttpLibrary', 'SignalNonBrowserUserAgent', 'SizeRestrictions_BODY'],
    );
  });
});

describe('both web ACLs', () => {
  test('refuse what exceeds the rate of the blueprint, by address', () => {
    const { requests, window } = planOf(blueprint).access.rateLimit;
    for (const layer of ['gateway', 'edge-firewall']) {
      const rate = rulesOf(layer).find(({ Name }) => Name === 'rate')?.Statement.RateBasedStatement;
      assert.deepEqual(
        [rate?.AggregateKeyType, rate?.Limit, rate?.EvaluationWindowSec],
        ['IP', requests, window / 1000],
      );
    }
  });

  test('log what they see to a log group of the name the vendor wants, without tokens and cookies', () => {
    for (const layer of ['gateway', 'edge-firewall']) {
      const log = onlyOf(templateOf(layer), 'AWS::WAFv2::LoggingConfiguration');
      assert.deepEqual(log.RedactedFields, [
        { SingleHeader: { Name: 'authorization' } },
        { SingleHeader: { Name: 'cookie' } },
      ]);
    }
    templateOf('edge-logs').hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: 'aws-waf-logs-cloud-native-cdn',
    });
    templateOf('logs').hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: 'aws-waf-logs-cloud-native-api',
    });
  });
});

describe('the web ACL in front of the CDN', () => {
  test('is a global one, which stands in us-east-1', () => {
    assert.equal(onlyOf(templateOf('edge-firewall'), 'AWS::WAFv2::WebACL').Scope, 'CLOUDFRONT');
    assert.equal(onlyOf(templateOf('gateway'), 'AWS::WAFv2::WebACL').Scope, 'REGIONAL');
  });
});
