import type { Cluster } from './cluster.ts';
import { type Selector, selectorOf } from './label-selector.ts';
import { nameInAppMesh } from './name.ts';
import { itemsOf, type KubernetesObject, labelsOf, type Members, membersOf, titleOf } from './object.ts';

/** What runs beside the proxy of a node, or as a gateway: the pods that its podSelector takes. */
export interface Workload {
  readonly kind: 'virtualNode' | 'virtualGateway';
  /** The node's or the gateway's name in App Mesh. */
  readonly name: string;
  readonly namespace: string;
  /** What makes the pods: `Deployment default/front`. */
  readonly controllers: readonly string[];
  /** The ports their containers say they listen on, each once. */
  readonly ports: readonly number[];
  /** The names in DNS of the services in front of them. */
  readonly hostnames: readonly string[];
}

/** The pods of each node and gateway, as far as the documents hold them. */
export function workloadsOf(cluster: Cluster): Workload[] {
  const pods = cluster.objects.flatMap(podOf);
  const index: Index = {
    pods: Map.groupBy(pods, ({ owner }) => owner.namespace),
    podsByLabel: grouped(
      pods.flatMap((pod) =>
        Object.entries(pod.labels).map(([key, value]) => [placeOf(pod.owner, key, value), pod] as const),
      ),
    ),
    servicesByLabel: grouped(cluster.ofKind('Service').flatMap(serviceOf)),
  };
  return (['VirtualNode', 'VirtualGateway'] as const).flatMap((kind) =>
    cluster.ofKind(kind).map((object) => workload(object, index)),
  );
}

/** Pods and services by namespace and label, so that a selector is tried on few. */
interface Index {
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  readonly podsByLabel: ReadonlyMap<string, readonly Pod[]>;
  /** A service stands at one of the labels that it asks for. */
  readonly servicesByLabel: ReadonlyMap<string, readonly Service[]>;
}

function placeOf({ namespace }: KubernetesObject, key: string, value: string): string {
  return JSON.stringify([namespace, key, value]);
}

function grouped<Value>(entries: readonly (readonly [string, Value])[]): Map<string, Value[]> {
  const groups = Map.groupBy(entries, ([place]) => place);
  return new Map([...groups].map(([place, all]) => [place, all.map(([, value]) => value)]));
}

interface Pod {
  readonly owner: KubernetesObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Members;
}

/** A pod as it stands, or as the template of what makes it says. */
function podOf(owner: KubernetesObject): Pod[] {
  if (owner.kind === 'Pod') return [{ owner, labels: owner.labels, spec: owner.spec }];
  const job = owner.kind === 'CronJob' ? membersOf(membersOf(owner.spec.jobTemplate).spec) : owner.spec;
  const { metadata, spec } = membersOf(job.template);
  return spec === undefined
    ? []
    : [{ owner, labels: labelsOf(membersOf(metadata).labels), spec: membersOf(spec) }];
}

interface Service {
  readonly hostname: string;
  readonly selector: Selector;
}

/** A service's selector is a plain set of labels; one without has endpoints by other means. */
function serviceOf(object: KubernetesObject): (readonly [string, Service])[] {
  const { group, name, namespace, spec } = object;
  const selector = selectorOf({ matchLabels: spec.selector });
  const label = selector.indispensable;
  if (group !== '' || label === undefined) return [];
  const hostname = `${name}.${namespace}.svc.cluster.local`;
  return [[placeOf(object, label.key, label.value), { hostname, selector }]];
}

function workload(object: KubernetesObject, index: Index): Workload {
  const selector = selectorOf(object.spec.podSelector);
  const label = selector.indispensable;
  const likely = label
    ? index.podsByLabel.get(placeOf(object, label.key, label.value))
    : index.pods.get(object.namespace);
  const own = (likely ?? []).filter(({ labels }) => selector.takes(labels));
  return {
    kind: object.kind === 'VirtualNode' ? 'virtualNode' : 'virtualGateway',
    name: nameInAppMesh(object),
    namespace: object.namespace,
    controllers: own.map(({ owner }) => titleOf(owner)),
    ports: [...new Set(own.flatMap(({ spec }) => portsOf(spec)))],
    hostnames: [...new Set(own.flatMap((pod) => hostnamesOf(pod, index)))],
  };
}

function hostnamesOf({ owner, labels }: Pod, { servicesByLabel }: Index): string[] {
  return Object.entries(labels)
    .flatMap(([key, value]) => servicesByLabel.get(placeOf(owner, key, value)) ?? [])
    .filter(({ selector }) => selector.takes(labels))
    .map(({ hostname }) => hostname);
}

function portsOf(spec: Members): number[] {
  return itemsOf(spec.containers)
    .flatMap((container) => itemsOf(membersOf(container).ports))
    .map((port) => membersOf(port).containerPort)
    .filter((port): port is number => typeof port === 'number');
}
