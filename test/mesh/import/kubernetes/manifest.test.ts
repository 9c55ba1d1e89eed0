import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../placeholders/documents.ts';
import { placeholder } from '../placeholders/placeholder.ts';
import { imported, specOf, summary } from './cluster-import.ts';

const node = (name: string, hostname = 'x') => `
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: ${name} }
spec: { serviceDiscovery: { dns: { hostname: ${hostname} } } }
`;

test('documents are apart by their separators, whatever stands around these', () => {
  const found = imported(
    `# a comment\n---\n${node('a')}--- # and another\n---\n${node('b')}---\n# the end\n`,
  );
  assert.deepEqual(summary(found), ['virtualNode ? a_default', 'virtualNode ? b_default']);
  assert.deepEqual(found.findings, []);
});

test('the items of lists are objects, be the list of one kind or of any', () => {
  const found = imported(`
apiVersion: v1
kind: List
items:
  - apiVersion: appmesh.k8s.aws/v1beta2
    kind: VirtualNode
    metadata: { name: a, namespace: shop, uid: u, resourceVersion: '1' }
    spec:
      serviceDiscovery:
        dns: { hostname: x }
    status: { virtualNodeARN: arn }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualServiceList
items:
  - metadata: { name: b, namespace: shop }
    spec: {}
`);
  assert.deepEqual(summary(found), ['virtualNode ? a_shop', 'virtualService ? b.shop']);
  assert.deepEqual(found.resources[0]?.locate(['serviceDiscovery', 'dns', 'hostname']), {
    file: 'manifest.yaml',
    line: 10,
    path: 'items[0].spec.serviceDiscovery.dns.hostname',
  });
});

test('other kinds are counted, once a file', () => {
  const found = imported({
    'a.yaml': `${node('a')}---\napiVersion: v1\nkind: Service\nmetadata: { name: s }\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: t }`,
    'b.yaml': node('b'),
  });
  assert.deepEqual(told(found, 'note'), [
    'kubernetes-skipped a.yaml:7 2 Service, 1 Deployment in this file are no resource of App Mesh; the labels of namespaces, pods and services were looked at',
  ]);
});

test('an overlay of Kustomize that changes something is said not to be applied', () => {
  const overlay = (more: string) =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n${more}`;
  assert.deepEqual(told(imported(overlay('namespace: shop')), 'warning'), [
    'kustomize-unapplied manifest.yaml:1 this overlay of Kustomize changes names, labels or specs, which is not done here',
  ]);
  assert.deepEqual(told(imported(overlay('')), 'warning'), []);
});

test('an object replaces the same one of an earlier file, and is an error in one file', () => {
  const files = imported({ 'a.yaml': node('a', 'old'), 'b.yaml': node('a', 'new') });
  assert.deepEqual(specOf(files, 'a_default'), { serviceDiscovery: { dns: { hostname: 'new' } } });
  assert.deepEqual(told(files, 'note'), [
    'kubernetes-object-replaced b.yaml:4 VirtualNode default/a replaces the one in a.yaml, line 2, as applying this file after that one does',
  ]);
  assert.deepEqual(told(imported(`${node('a')}---${node('a')}`), 'error'), [
    'kubernetes-object-twice manifest.yaml:9 VirtualNode default/a stands here a second time, first on line 2; the later one counts',
  ]);
});

test('a second route of one name in a router is left out', () => {
  const found = imported(`
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: { name: r }
spec:
  routes:
    - name: all
      tcpRoute: {}
    - name: all
      tcpRoute: {}
    - tcpRoute: {}
`);
  assert.deepEqual(summary(found), ['virtualRouter ? r_default', 'route ? r_default all']);
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-object-twice manifest.yaml:9 VirtualRouter default/r has a second route all; it is left out',
    'kubernetes-name-missing manifest.yaml:11 this route of VirtualRouter default/r has no name; it is left out',
  ]);
});

test('a field that the resource does not have is left out, as the controller did, with a warning', () => {
  const found = imported(`
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: a }
spec:
  serviceDiscovery:
    dns: { hostName: x, ttl: 5 }
`);
  assert.deepEqual(specOf(found, 'a_default'), { serviceDiscovery: { dns: {} } });
  assert.deepEqual(
    found.findings.map(({ message, remedy }) => `${message} | ${remedy}`),
    [
      'hostName is no field of this resource; the controller took no notice of it, and it is left out | Write hostname if it is meant to count.',
      'ttl is no field of this resource; the controller took no notice of it, and it is left out | Remove it.',
    ],
  );
});

test('null is nothing', () => {
  const found = imported(`
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: a, namespace: }
spec:
  podSelector:
  listeners:
  serviceDiscovery: { dns: { hostname: x }, awsCloudMap: null }
`);
  assert.deepEqual(specOf(found, 'a_default'), { serviceDiscovery: { dns: { hostname: 'x' } } });
});

test('values are given for placeholders, in names as well as in specs, and selectors follow', () => {
  const text = (name: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: "${name}", labels: { mesh: "${name}" } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: { name: "${name}" }
spec: { namespaceSelector: { matchLabels: { mesh: "${name}" } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: front, namespace: "${name}" }
spec: { serviceDiscovery: { dns: { hostname: "front.${name}.svc" } }, listeners: [{ portMapping: { port: $PORT } }] }
`;
  const manifest = text(placeholder('APP_NAMESPACE'));
  const found = imported(manifest, { APP_NAMESPACE: 'shop', PORT: '8080' });
  assert.deepEqual(summary(found), ['mesh shop shop', 'virtualNode shop front_shop']);
  assert.deepEqual(specOf(found, 'front_shop'), {
    serviceDiscovery: { dns: { hostname: 'front.shop.svc' } },
    listeners: [{ portMapping: { port: 8080 } }],
  });
  assert.deepEqual(told(found, 'error'), []);
  const without = imported(manifest);
  assert.deepEqual(summary(without), [
    'mesh app-namespace app-namespace',
    'virtualNode app-namespace front_app-namespace',
  ]);
  assert.deepEqual(
    without.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ message, remedy }) => `${message} | ${remedy}`),
    [
      `${placeholder('APP_NAMESPACE')} has no value, here and on lines 8, 9, 13 and 14; app-namespace stands in for it | Give --set APP_NAMESPACE=value.`,
      '$PORT has no value | Give --set PORT=value.',
    ],
  );
});

test('a placeholder the mesh does not need is no error', () => {
  const found = imported(`${node('a')}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, annotations: { a: $B } }
spec: { template: { spec: { containers: [{ image: $IMAGE }] } } }
`);
  assert.deepEqual(told(found, 'error'), []);
  assert.ok(
    told(found, 'note').includes(
      'placeholder-unneeded manifest.yaml:9 $B and $IMAGE have no value, and the mesh needs none',
    ),
  );
});

test('a placeholder that is needed in one place is not called unneeded in another', () => {
  const found = imported(`${node('$NAME')}---\napiVersion: v1\nkind: Service\nmetadata: { name: $NAME }`);
  assert.deepEqual(
    found.findings.map(({ code }) => code),
    ['placeholder-unresolved', 'kubernetes-skipped'],
  );
});

test('expressions of Helm are unresolved, with what to do, once a file', () => {
  const found = imported(node('{{ .Values.name }}', '"{{ .Release.Name }}.svc"'));
  assert.deepEqual(
    found.findings.map(({ code, origin, remedy }) => ({ code, line: origin.line, remedy })),
    [
      {
        code: 'helm-unresolved',
        line: 4,
        remedy:
          'Render the chart first, with helm template RELEASE CHART > rendered.yaml, and give that file.',
      },
    ],
  );
});

test('an object without a name, or with a spec that is none, is refused', () => {
  const found = imported(`
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: a }
spec: [1]
---
apiVersion: appmesh.k8s.aws/v1beta3
kind: VirtualNode
metadata: { name: b }
`);
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-name-missing manifest.yaml:4 this VirtualNode has no name; it is left out',
    'kubernetes-spec-invalid manifest.yaml:9 the spec of VirtualNode default/a is no object; it is left out',
    'kubernetes-version-unknown manifest.yaml:11 there is no VirtualNode in version v1beta3 of appmesh.k8s.aws; it is left out',
  ]);
});
