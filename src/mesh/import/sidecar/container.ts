import { stringify } from 'yaml';
import type { EnvironmentManifest } from './manifest.ts';

/** Asks the proxy whether it is ready, with what its image has: a shell. */
function readinessCommand({ admin }: EnvironmentManifest): string {
  const request = `printf 'GET /ready HTTP/1.0\\r\\n\\r\\n' >&3`;
  return `exec 3<>/dev/tcp/${admin.host}/${admin.port} && ${request} && grep -q LIVE <&3`;
}

/** The name of the image that holds a proxy and its files. */
export function imageOf({ mesh, proxy }: EnvironmentManifest): string {
  const name = `${mesh}-${proxy.name}-envoy`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `${name.replace(/^-|-$/g, '')}:1`;
}

/** An image of the proxy with its files in their place. */
export function dockerfileOf({ envoy, files, directory }: EnvironmentManifest): string {
  return [`FROM envoyproxy/envoy:v${envoy.version}`, `COPY ${files.join(' ')} ${directory}/`, ''].join('\n');
}

/**
 * A fragment of an ECS task definition: the proxy's container, and what the app's container needs beside its own.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function taskDefinitionOf(manifest: EnvironmentManifest): object {
  const { envoy, listeners, application, certificates } = manifest;
  const mounted = certificates.some(({ socket }) => socket === undefined);
  const variables = proxyVariables(manifest);
  const proxy = {
    name: 'envoy',
    image: imageOf(manifest),
    essential: true,
    command: [...envoy.command],
    portMappings: listeners.map(({ port }) => ({ containerPort: port, protocol: 'tcp' })),
    healthCheck: {
      command: ['CMD', 'bash', '-c', readinessCommand(manifest)],
      interval: 5,
      timeout: 2,
      retries: 3,
      startPeriod: 10,
    },
    ...(mounted ? { mountPoints: mountPointsOf(manifest) } : {}),
    ...(variables.length > 0 ? { environment: variables } : {}),
  };
  const app = {
    name: 'app',
    dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }],
    environment: applicationVariables(application),
  };
  return {
    networkMode: 'awsvpc',
    containerDefinitions: application ? [proxy, app] : [proxy],
    ...(mounted
      ? { volumes: mountPointsOf(manifest).map(({ sourceVolume }) => ({ name: sourceVolume })) }
      : {}),
  };
}

/** A configuration map with the proxy's files, and a patch that puts the proxy beside an app's container. */
export function kubernetesManifestOf(
  manifest: EnvironmentManifest,
  contents: Readonly<Record<string, string>>,
): string {
  const name = imageOf(manifest).slice(0, -':1'.length).slice(0, 253);
  const { envoy, directory, listeners, application, workload } = manifest;
  const files = foldersOf(manifest);
  const variables = proxyVariables(manifest);
  const namespace = workload?.namespace;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const configuration = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: contents };
  const proxy = {
    name: 'envoy',
    image: `envoyproxy/envoy:v${envoy.version}`,
    args: [...envoy.command],
    ...(variables.length > 0 ? { env: variables } : {}),
    ports: listeners.map(({ port }) => ({ containerPort: port })),
    readinessProbe: { exec: { command: ['bash', '-c', readinessCommand(manifest)] }, periodSeconds: 5 },
    volumeMounts: [
      { name: 'envoy', mountPath: directory, readOnly: true },
      ...files.map((mountPath, index) => ({ name: `certificates-${index}`, mountPath, readOnly: true })),
    ],
  };
  const app = {
    name: 'app',
    env: applicationVariables(application).map(({ name: variable, value }) => ({ name: variable, value })),
  };
  const spec = {
    containers: application ? [proxy, app] : [proxy],
    volumes: [
      { name: 'envoy', configMap: { name } },
      ...files.map((_, index) => ({
        name: `certificates-${index}`,
        secret: { secretName: `${name}-${index}` },
      })),
    ],
  };
  const patch = { spec: { template: { spec } } };
  return [
    '# For kubectl apply.\n',
    stringify(configuration),
    '---\n',
    `# For kubectl patch ${patched(workload)} --patch-file; call the app by the name its container has.\n`,
    stringify(patch),
  ].join('');
}

/** What to patch, on one line: `deployment front --namespace shop`. */
function patched(workload: EnvironmentManifest['workload']): string {
  const [controller = 'Deployment NAME'] = workload?.controllers ?? [];
  const [kind = '', name = ''] = controller.replace(/\s+/g, ' ').split(' ');
  const own = name.slice(name.indexOf('/') + 1);
  return `${kind.toLowerCase()} ${own}${workload === undefined ? '' : ` --namespace ${workload.namespace}`}`;
}

/** Only root may listen below 1024; the image's own user is another: https://www.envoyproxy.io/docs/envoy/latest/start/docker */
function proxyVariables({ listeners }: EnvironmentManifest) {
  return listeners.some(({ port }) => port < 1024) ? [{ name: 'ENVOY_UID', value: '0' }] : [];
}

/** What an app learns about its proxy. */
function applicationVariables(application: EnvironmentManifest['application']) {
  const [listens] = application?.listens ?? [];
  return [
    ...(application?.http ? [{ name: 'MESH_EGRESS_URL', value: application.http.url }] : []),
    ...(listens
      ? [{ name: 'PORT', value: listens.address.slice(listens.address.lastIndexOf(':') + 1) }]
      : []),
  ];
}

/** The folders certificates are read from. */
function foldersOf({ certificates }: EnvironmentManifest): string[] {
  const files = certificates.flatMap(({ certificateChain, privateKey, authorities, socket }) =>
    [certificateChain, privateKey, authorities, socket].filter((file) => file !== undefined),
  );
  return [...new Set(files.map((file) => file.slice(0, file.lastIndexOf('/')) || '/'))];
}

function mountPointsOf(manifest: EnvironmentManifest) {
  return foldersOf(manifest).map((containerPath, index) => ({
    sourceVolume: `certificates-${index}`,
    containerPath,
    readOnly: true,
  }));
}
