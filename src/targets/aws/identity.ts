import { CfnOutput, Validations } from 'aws-cdk-lib';
import {
  CfnUserPool,
  CfnUserPoolDomain,
  CfnUserPoolGroup,
  CfnUserPoolRiskConfigurationAttachment,
} from 'aws-cdk-lib/aws-cognito';
import { roles } from '../../kernel/roles.ts';
import type { Plan } from '../../model/plan.ts';
import { type Deployment, Layer } from './layer.ts';

/** The user pool; who signs in through which client is in clients.ts. */
export interface Identity {
  readonly poolId: string;
  /** The `iss` of every token. */
  readonly issuer: string;
  /** Where the public keys are. */
  readonly jwksUri: string;
  /** Base address of the sign-in pages and the token endpoints. */
  readonly endpoint: string;
}

/** Roles are groups; the lowest precedence is the strongest. */
const groups = roles.toReversed();

/** Makes the user pool. Its users are data: the stack stays when the platform goes. */
export function createIdentityStack(deployment: Deployment, plan: Plan): Identity {
  const layer = new Layer(deployment, plan, {
    name: 'identity',
    description: 'the user pool and its groups',
    holdsData: true,
  });
  const pool = new CfnUserPool(layer, 'pool', {
    userPoolName: plan.name,
    deletionProtection: layer.protectsData ? 'ACTIVE' : 'INACTIVE',
    userPoolTier: 'PLUS',
    userPoolAddOns: { advancedSecurityMode: 'ENFORCED' },
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    usernameConfiguration: { caseSensitive: false },
    aliasAttributes: ['email'],
    autoVerifiedAttributes: ['email'],
    userAttributeUpdateSettings: { attributesRequireVerificationBeforeUpdate: ['email'] },
    accountRecoverySetting: { recoveryMechanisms: [{ name: 'verified_email', priority: 1 }] },
    mfaConfiguration: 'OPTIONAL',
    enabledMfas: ['SOFTWARE_TOKEN_MFA'],
    policies: {
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
        temporaryPasswordValidityDays: 3,
      },
    },
  });
  pool.applyRemovalPolicy(layer.dataRemoval);
  Validations.of(pool).acknowledge({
    id: 'AwsSolutions-COG2',
    reason: 'A second factor is offered to everyone, and asked for where a sign-in is a risk.',
  });
  for (const [precedence, groupName] of groups.entries()) {
    new CfnUserPoolGroup(layer, groupName, { userPoolId: pool.ref, groupName, precedence });
  }
  protectAccounts(layer, pool);
  const domain = new CfnUserPoolDomain(layer, 'domain', {
    userPoolId: pool.ref,
    // Names are shared by all accounts of a region.
    domain: `${plan.name}-${layer.account}`,
    managedLoginVersion: 2,
  });
  const endpoint = `https://${domain.ref}.auth.${layer.region}.amazoncognito.com`;
  new CfnOutput(layer, 'UserPool', { value: pool.ref, description: 'Where users and their groups are' });
  new CfnOutput(layer, 'SignIn', {
    value: endpoint,
    description: 'The sign-in pages',
  });
  const issuer = `https://cognito-idp.${layer.region}.${layer.urlSuffix}/${pool.ref}`;
  return {
    poolId: pool.ref,
    issuer,
    jwksUri: `${issuer}/.well-known/jwks.json`,
    endpoint,
  };
}

/**
 * What threat protection does: a password known to be stolen is refused, a sign-in at risk asks for the second factor
 * or, at high risk without one, is refused.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-threat-protection.html
 */
function protectAccounts(layer: Layer, pool: CfnUserPool): void {
  new CfnUserPoolRiskConfigurationAttachment(layer, 'threat-protection', {
    userPoolId: pool.ref,
    clientId: 'ALL',
    compromisedCredentialsRiskConfiguration: {
      actions: { eventAction: 'BLOCK' },
      eventFilter: ['SIGN_IN', 'PASSWORD_CHANGE'],
    },
    accountTakeoverRiskConfiguration: {
      actions: {
        lowAction: { eventAction: 'NO_ACTION', notify: false },
        mediumAction: { eventAction: 'MFA_IF_CONFIGURED', notify: false },
        highAction: { eventAction: 'MFA_REQUIRED', notify: false },
      },
    },
  });
}
