import { CfnOutput } from 'aws-cdk-lib';
import { CfnManagedLoginBranding, CfnUserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Plan } from '../../model/plan.ts';
import { scopes } from '../../security/user-pool/claims.ts';
import { lifetimes } from '../../security/user-pool/limits.ts';
import type { Identity } from './identity.ts';
import { type Deployment, Layer } from './layer.ts';

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

/**
 * Makes the app clients that people sign in through: the authorization code flow with PKCE, no secret, and refresh
 * tokens that work once.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
export function createClientsStack(
  deployment: Deployment,
  plan: Plan,
  { identity, siteUrl }: ClientsInputs,
): TokenIssuer {
  const layer = new Layer(deployment, plan, {
    name: 'clients',
    description: 'the app clients of the user pool',
  });
  const client = (clientName: string, callbackUrLs: readonly string[], logoutUrLs: readonly string[]) => {
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
      refreshTokenRotation: { feature: 'ENABLED', retryGracePeriodSeconds: 0 },
      enableTokenRevocation: true,
      preventUserExistenceErrors: 'ENABLED',
      accessTokenValidity: lifetimes.accessToken,
      idTokenValidity: lifetimes.idToken,
      refreshTokenValidity: lifetimes.refreshToken,
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
  const web = client('web', [`${siteUrl}/signed-in`], [`${siteUrl}/`]);
  const mobile = client('mobile', redirectUris, redirectUris);
  new CfnOutput(layer, 'WebClient', { value: web.ref, description: 'The client id of the web app' });
  new CfnOutput(layer, 'MobileClient', {
    value: mobile.ref,
    description: 'The client id of the mobile apps',
  });
  return {
    issuer: identity.issuer,
    jwksUri: identity.jwksUri,
    clientIds: [web.ref, mobile.ref],
  };
}
