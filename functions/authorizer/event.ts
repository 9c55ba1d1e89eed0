/**
 * What the function reads of a Lambda authorizer's event, TOKEN or REQUEST.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export type AuthorizerEvent =
  | { readonly type: 'TOKEN'; readonly methodArn: string; readonly authorizationToken: string }
  | {
      readonly type: 'REQUEST';
      readonly methodArn: string;
      readonly headers: Readonly<Record<string, string>> | null;
    };

/** What the function answers. Source: …/api-gateway-lambda-authorizer-output.html */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly Statement[];
  };
  readonly context: Readonly<Record<string, string>>;
}

/** A statement of the answer's policy. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: 'execute-api:Invoke';
  readonly Resource: readonly string[];
  readonly Condition?: { readonly DateLessThan: { readonly 'aws:CurrentTime': string } };
}

/** The Authorization header of an event, or undefined when the caller sent none. */
export function authorizationOf(event: AuthorizerEvent): string | undefined {
  if (event.type === 'TOKEN') return event.authorizationToken;
  const headers = event.headers ?? {};
  const usual = headers.Authorization ?? headers.authorization;
  if (usual !== undefined) return usual;
  for (const name in headers) {
    if (name.length === 13 && name.toLowerCase() === 'authorization') return headers[name];
  }
  return undefined;
}
