import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { scopes } from '../../../src/security/user-pool/claims.ts';
import { lifetimes, refreshTokenGrace } from '../../../src/security/user-pool/limits.ts';
import { createIdentityStack } from '../../../src/targets/aws/identity.ts';
import { templateAlone } from './alone.ts';
import { planOf } from './plan.ts';
import { functionOf, onlyOf, type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

const clients = (): Readonly<Record<string, Properties>> =>
  Object.fromEntries(
    Object.values(propertiesOf(templateOf('clients'), 'AWS::Cognito::UserPoolClient')).map((client) => [
      String(client.ClientName),
      client,
    ]),
  );

describe('the user pool', () => {
  test('has a group for each role, the strongest first', () => {
    const groups = Object.values(propertiesOf(templateOf('identity'), 'AWS::Cognito::UserPoolGroup'));
    assert.deepEqual(
      groups
        .toSorted((one, other) => Number(one.Precedence) - Number(other.Precedence))
        .map(({ GroupName }) => GroupName),
      ['admin', 'editor', 'reader'],
    );
  });

  test('protects accounts: threat protection, a second factor, no sign-up of strangers', () => {
    const pool = onlyOf(templateOf('identity'), 'AWS::Cognito::UserPool');
    assert.deepEqual(pool.UserPoolAddOns, { AdvancedSecurityMode: 'ENFORCED' });
    assert.deepEqual([pool.UserPoolTier, pool.MfaConfiguration], ['PLUS', 'OPTIONAL']);
    assert.deepEqual(pool.AdminCreateUserConfig, { AllowAdminCreateUserOnly: true });
    templateOf('identity').resourceCountIs('AWS::Cognito::UserPoolRiskConfigurationAttachment', 1);
  });

  test('stays when the platform goes, unless the data is to go too', () => {
    templateOf('identity').hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtection: 'ACTIVE' },
    });
    const removable = templateAlone(
      'identity',
      () => {},
      ({ deployment, plan }) => createIdentityStack({ ...deployment, deleteData: true }, plan),
    );
    removable.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtection: 'INACTIVE' },
    });
  });
});

describe('the app clients', () => {
  test('sign people in by code, without a secret, and with the scopes of the laptop', () => {
    assert.deepEqual(Object.keys(clients()).toSorted(), ['mobile', 'web']);
    for (const client of Object.values(clients())) {
      assert.deepEqual(client.AllowedOAuthFlows, ['code']);
      assert.deepEqual([client.GenerateSecret, client.AllowedOAuthFlowsUserPoolClient], [false, true]);
      assert.deepEqual(client.AllowedOAuthScopes, [...scopes]);
    }
  });

  test('give tokens the lifetimes of the laptop, and refresh tokens that work once', () => {
    const { accessToken, absolute } = planOf(blueprint).data.sessions;
    const expected = {
      web: [accessToken / 1000, lifetimes.idToken, absolute / 1000, refreshTokenGrace],
      mobile: [lifetimes.accessToken, lifetimes.idToken, lifetimes.refreshToken, 0],
    };
    for (const [name, [access, id, refresh, grace]] of Object.entries(expected)) {
      const client = clients()[name] ?? {};
      assert.deepEqual(
        [client.AccessTokenValidity, client.IdTokenValidity, client.RefreshTokenValidity],
        [access, id, refresh],
      );
      assert.deepEqual(client.RefreshTokenRotation, { Feature: 'ENABLED', RetryGracePeriodSeconds: grace });
      assert.equal(client.EnableTokenRevocation, true);
    }
  });

  test('lead back to the site, and to the mobile apps where the blueprint says', () => {
    assert.match(JSON.stringify(clients().web?.CallbackURLs), /https:\/\/.*\/session\/callback/);
    assert.deepEqual(clients().mobile?.CallbackURLs, planOf(blueprint).access.mobile.redirectUris);
  });

  test('are the ones, of this issuer alone, whose tokens the API takes', () => {
    const { Environment } = functionOf(templateOf('gateway'), 'cloud-native-authorizer');
    const { ISSUER, JWKS_URI, CLIENT_IDS } = (Environment as { Variables: Properties }).Variables;
    assert.match(JSON.stringify(ISSUER), /https:\/\/cognito-idp\.us-west-2\./);
    assert.match(JSON.stringify(JWKS_URI), /\/\.well-known\/jwks\.json/);
    assert.equal(JSON.stringify(CLIENT_IDS).match(/cloud-native-clients/g)?.length, 2);
  });
});
