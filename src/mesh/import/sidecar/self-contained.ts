import { bundled } from '../../envoy/bundle.ts';

/** Configuration files by name. */
type Files = Readonly<Record<string, object>>;

/** Endpoints that are read from a file, as a cluster has them. */
interface EndpointSource {
  readonly service_name?: string;
}

/**
 * A proxy's configuration in one bootstrap that refers to nothing but PEM files: secrets are in it, and so are the
 * addresses that would be kept in files. Neither changes without a restart then.
 */
export function selfContained(files: Files): object {
  const addresses = new Map(
    Object.entries(files)
      .filter(([name]) => name.startsWith('endpoints-'))
      .flatMap(([, content]) => assignments(content))
      .map(({ '@type': _, ...assignment }) => [assignment.cluster_name, assignment] as const),
  );
  const whole = bundled(files, { whole: true })['bootstrap.json'] ?? {};
  return JSON.parse(JSON.stringify(whole), (key, value) => {
    // Envoy watches files of secrets only where the secrets come from files, too.
    if (key === 'watched_directory') return undefined;
    if (typeof value !== 'object' || value === null || !('eds_cluster_config' in value)) return value;
    const { eds_cluster_config: source, ...cluster } = value;
    const { service_name = cluster.name }: EndpointSource = source;
    return { ...cluster, type: 'STATIC', load_assignment: addresses.get(service_name) };
  });
}

interface Assignment {
  readonly '@type': string;
  readonly cluster_name: string;
}

function assignments(content: object): readonly Assignment[] {
  return 'resources' in content ? (content.resources as readonly Assignment[]) : [];
}
