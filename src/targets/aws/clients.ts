import { CfnOutput } from 'aws-cdk-lib';
import { CfnManagedLoginBranding, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Plan } from '../../model/plan.ts';
import { scopes } from '../../security/user-pool/claims.ts';
import { lifetimes, refreshTokenGrace } from '../../security/user-pool/limits.ts';
import type { Identity } from './identity.ts';
import { type Deployment, Layer } from './layer.ts';

/** The app clients, and whose tokens the API takes. */
export interface Clients {
  readonly webClientId: string;
  readonly issuer: TokenIssuer;
}

/** Who issues tokens, where the keys are that verify them, and whose tokens the API takes. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly clientIds: readonly string[];
}

/** What the app clients stand on. */
export interface ClientsInputs {
  readonly identity: Identity;
  /** Where viewers see the platform: the web app's base URL. */
  readonly siteUrl: string;
}

/** Where a client leads back to, and how long what it gets is good for, in seconds. */
interface ClientTimes {
  readonly callbackUrLs: readonly string[];
  readonly logoutUrLs: readonly string[];
  readonly access: number;
  readonly refresh: number;
  /** How long a refresh token is good for after its rotation. */
  readonly grace: number;
}

/**
 * Makes the app clients that people sign in through: the authorization code flow with PKCE, no secret, and refresh
 * tokens that work once.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export function createClientsStack(
  deployment: Deployment,
  plan: Plan,
  { identity, siteUrl }: ClientsInputs,
): Clients {
  const layer = new Layer(deployment, plan, {
    name: 'clients',
    description: 'the app clients of the user pool',
  });
  const client = (clientName: string, { callbackUrLs, logoutUrLs, access, refresh, grace }: ClientTimes) => {
    const made = new CfnUserPoolClient(layer, clientName, {
      userPoolId: identity.poolId,
      clientName,
      generateSecret: false,
      supportedIdentityProviders: ['COGNITO'],
      allowedOAuthFlowsUserPoolClient: true,
      allowedOAuthFlows: ['code'],
      allowedOAuthScopes: [...scopes],
      callbackUrLs: [...callbackUrLs],
      logoutUrLs: [...logoutUrLs],
      // With rotation a refresh token is for the token endpoint alone, so no flow is listed for it.
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: grace },
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
      accessTokenValidity: access,
      idTokenValidity: lifetimes.idToken,
      refreshTokenValidity: refresh,
      tokenValidityUnits: { accessToken: 'seconds', idToken: 'seconds', refreshToken: 'seconds' },
    });
    // Without a style of its own a client has no sign-in page.
    new CfnManagedLoginBranding(layer, `${clientName}-pages`, {
      userPoolId: identity.poolId,
      clientId: made.ref,
      useCognitoProvidedValues: true,
    });
    return made;
  };
  const { redirectUris } = plan.access.mobile;
  const { accessToken, absolute } = plan.data.sessions;
  const web = client('web', {
    callbackUrLs: [`${siteUrl}/session/callback`],
    logoutUrLs: [`${siteUrl}/`],
    access: accessToken / 1000,
    refresh: absolute / 1000,
    grace: refreshTokenGrace,
  });
  const mobile = client('mobile', {
    callbackUrLs: redirectUris,
    logoutUrLs: redirectUris,
    access: lifetimes.accessToken,
    refresh: lifetimes.refreshToken,
    grace: 0,
  });
  new CfnOutput(layer, 'WebClient', { value: web.ref, description: 'The client id of the web app' });
  new CfnOutput(layer, 'MobileClient', {
    value: mobile.ref,
    description: 'The client id of the mobile apps',
  });
  return {
    webClientId: web.ref,
    issuer: { issuer: identity.issuer, jwksUri: identity.jwksUri, clientIds: [web.ref, mobile.ref] },
  };
}
