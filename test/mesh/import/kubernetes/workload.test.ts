import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported } from './cluster-import.ts';

const manifests = `
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: front, namespace: shop }
spec: { podSelector: { matchLabels: { app: front } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: outside, namespace: shop }
spec: { serviceDiscovery: { dns: { hostname: example.com } } }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualGateway
metadata: { name: entrance, namespace: shop }
spec: { podSelector: { matchExpressions: [{ key: app, operator: In, values: [entrance] }] } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: shop }
spec:
  template:
    metadata: { labels: { app: front, version: v1 } }
    spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }, { containerPort: 9090 }] }, { name: side }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: front, namespace: bank }
spec: { template: { metadata: { labels: { app: front } }, spec: { containers: [{ ports: [{ containerPort: 1 }] }] } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: front } }, spec: { containers: [{ ports: [{ containerPort: 8080 }] }] } } } } }
---
apiVersion: v1
kind: Pod
metadata: { name: entrance, namespace: shop, labels: { app: entrance } }
spec: { containers: [{ name: envoy, ports: [{ containerPort: 8088 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { selector: { app: front } }
---
apiVersion: v1
kind: Service
metadata: { name: front-v1, namespace: shop }
spec: { selector: { app: front, version: v1 } }
---
apiVersion: v1
kind: Service
metadata: { name: named-only, namespace: shop }
spec: {}
`;

test('the pods of nodes and gateways are found by their labels, with their ports and the services in front of them', () => {
  assert.deepEqual(imported(manifests).workloads, [
    {
      kind: 'virtualNode',
      name: 'front_shop',
      namespace: 'shop',
      controllers: ['Deployment shop/front', 'CronJob shop/nightly'],
      ports: [8080, 9090],
      hostnames: ['front.shop.svc.cluster.local', 'front-v1.shop.svc.cluster.local'],
    },
    {
      kind: 'virtualNode',
      name: 'outside_shop',
      namespace: 'shop',
      controllers: [],
      ports: [],
      hostnames: [],
    },
    {
      kind: 'virtualGateway',
      name: 'entrance_shop',
      namespace: 'shop',
      controllers: ['Pod shop/entrance'],
      ports: [8088],
      hostnames: [],
    },
  ]);
});
