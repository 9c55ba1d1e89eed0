/**
 * What the function reads of a proxy integration's event, payload format 1.0.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export interface ProxyEvent {
  readonly path: string;
  readonly httpMethod: string;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>> | null;
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** A request as this function looks at it. */
export interface SessionRequest {
  readonly method: string;
  /** Below `/session`, with a slash in front; empty for `/session` itself. */
  readonly path: string;
  /** All values of a field, by its name in lower case. */
  readonly headers: (name: string) => readonly string[];
  /** All values of a parameter. */
  readonly query: (name: string) => readonly string[];
  /** The query as it was sent, but for its encoding. */
  readonly search: URLSearchParams;
  /** The one value of a cookie; undefined when there is none, or several that differ: one may be planted. */
  readonly cookie: (name: string) => string | undefined;
  readonly body: string;
}

const base = '/session';

/** The request of an event. */
export function requestOf(event: ProxyEvent): SessionRequest {
  const fields = new Map<string, string[]>();
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    const lower = name.toLowerCase();
    fields.set(lower, [...(fields.get(lower) ?? []), ...values]);
  }
  const parameters = event.multiValueQueryStringParameters ?? {};
  const search = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
  const cookies = cookiesIn(fields.get('cookie') ?? []);
  const path = event.path.startsWith(base) ? event.path.slice(base.length) : event.path;
  return {
    method: event.httpMethod,
    path: path === '/' ? '' : path,
    headers: (name) => fields.get(name) ?? [],
    query: (name) => search.getAll(name),
    search,
    cookie: (name) => {
      const values = cookies.get(name);
      return values?.size === 1 ? [...values][0] : undefined;
    },
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('utf8'),
  };
}

/** Every value of every cookie (RFC 6265, 4.2.1). */
function cookiesIn(fields: readonly string[]): Map<string, Set<string>> {
  const cookies = new Map<string, Set<string>>();
  for (const pair of fields.flatMap((field) => field.split(';'))) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    cookies.set(name, (cookies.get(name) ?? new Set()).add(pair.slice(equals + 1).trim()));
  }
  return cookies;
}
