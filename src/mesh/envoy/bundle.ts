import type { Typed } from './vocabulary.ts';

/** Configuration files by name, as `compileProxy` gives them. */
type Files = Readonly<Record<string, object>>;

/**
 * The same configuration in one bootstrap: listeners with their routes, and clusters. What changes while a proxy runs
 * stays in files of its own: secrets and endpoints. With `whole`, secrets are in the bootstrap too; such a one is
 * what `envoy --mode validate` sees all of, because that mode does not read the files a bootstrap names.
 */
export function bundled(files: Files, { whole = false }: { readonly whole?: boolean } = {}): Files {
  const named = (kind: string) => Object.keys(files).filter((name) => name.startsWith(`${kind}-`));
  const routes = new Map(
    named('routes')
      .flatMap((name) => resources(files, name))
      .map((route) => [route.name, untyped(route)]),
  );
  const secrets = whole ? named('secret').flatMap((name) => resources(files, name)) : [];
  const inside = new Set(secrets.map(({ name }) => name));
  const inlined = (resource: Typed) =>
    untyped(
      JSON.parse(JSON.stringify(resource), (_key, value) => {
        if (typeof value !== 'object' || value === null) return value;
        if ('rds' in value) return inlinedRoutes(value, routes);
        return 'sds_config' in value && inside.has(value.name) ? { name: value.name } : value;
      }),
    );
  const { dynamic_resources: _, static_resources: known, ...rest } = files['bootstrap.json'] as Bootstrap;
  const bootstrap = {
    ...rest,
    static_resources: {
      listeners: resources(files, 'listeners.json').map(inlined),
      clusters: [...(known?.clusters ?? []), ...resources(files, 'clusters.json').map(inlined)],
      ...(secrets.length > 0 ? { secrets: secrets.map(untyped) } : {}),
    },
  };
  const kept = [...(whole ? [] : named('secret')), ...named('endpoints')];
  return {
    ...Object.fromEntries(kept.map((name) => [name, files[name] ?? {}])),
    'bootstrap.json': bootstrap,
  };
}

interface Bootstrap extends Readonly<Record<string, unknown>> {
  readonly static_resources?: { readonly clusters?: readonly object[] };
}

function resources(files: Files, name: string): Typed[] {
  return (files[name] as { resources: Typed[] }).resources;
}

function inlinedRoutes(
  { rds, ...manager }: { readonly rds: { readonly route_config_name: string } },
  routes: ReadonlyMap<unknown, object>,
): object {
  return { ...manager, route_config: routes.get(rds.route_config_name) };
}

function untyped({ '@type': _, ...resource }: Typed): object {
  return resource;
}
