import type { HttpRouteMatch } from '../../model/mesh/match.ts';

/** `envoy.config.route.v3.QueryParameterMatcher`, as far as it is written here. */
export interface QueryMatcher {
  readonly name: string;
  readonly string_match?: { readonly exact: string };
  readonly present_match?: true;
}

/**
 * App Mesh's conditions on query parameters: all must hold. Without a value the parameter must be there.
 * Of a parameter that comes more than once, Envoy compares the first.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpQueryParameter.html
 */
export function queryMatchers(parameters: HttpRouteMatch['queryParameters'] = []): QueryMatcher[] {
  return parameters.map(({ name, match }) =>
    match?.exact === undefined
      ? { name, present_match: true }
      : { name, string_match: { exact: match.exact } },
  );
}
