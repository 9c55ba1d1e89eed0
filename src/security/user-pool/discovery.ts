import { scopes } from './claims.ts';

/**
 * The document at `<issuer>/.well-known/openid-configuration`: Cognito's members, and PKCE's method beside them.
 * The endpoints are on the pool's domain, not below the issuer.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
 */
export function discoveryDocument(issuer: string, domain: string) {
  return {
    authorization_endpoint: `${domain}/oauth2/authorize`,
    code_challenge_methods_supported: ['S256'],
    end_session_endpoint: `${domain}/logout`,
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    revocation_endpoint: `${domain}/oauth2/revoke`,
    scopes_supported: [...scopes],
    subject_types_supported: ['public'],
    token_endpoint: `${domain}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['none'],
    userinfo_endpoint: `${domain}/oauth2/userInfo`,
  };
}
