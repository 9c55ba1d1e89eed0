import { join } from 'node:path';
import { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { Plan } from '../../../model/plan.ts';
import type { Deployment, Layer } from '../layer.ts';
import { proxyImage } from '../mesh/proxy-image.ts';
import { collectorOf } from '../observability/collector.ts';
import { serviceImageContext } from './service-image.ts';
import { type Architecture, platformOf } from './task.ts';

/** The images of the cluster's containers. */
export interface Images {
  /** The one of all services and of the platform's own programs. */
  readonly services: (architecture: Architecture) => DockerImageAsset;
  readonly collector: (architecture: Architecture) => DockerImageAsset;
  /** One proxy's, with its configuration. */
  readonly proxy: (kind: 'node' | 'gateway', name: string, architecture: Architecture) => DockerImageAsset;
}

/** Images are built when the stack is deployed; here they are folders with a Dockerfile, one a processor they run on. */
export function createImages(layer: Layer, deployment: Deployment, plan: Plan): Images {
  const context = serviceImageContext(deployment, plan);
  const { image } = collectorOf(plan);
  const once = <Value>(make: (architecture: Architecture) => Value) => {
    const made = new Map<Architecture, Value>();
    return (architecture: Architecture): Value => {
      const value = made.get(architecture) ?? make(architecture);
      made.set(architecture, value);
      return value;
    };
  };
  return {
    services: once(
      (architecture) =>
        new DockerImageAsset(layer, `services-${architecture}`, {
          directory: context,
          platform: platformOf(architecture),
          displayName: 'services',
        }),
    ),
    collector: once(
      (architecture) =>
        new DockerImageAsset(layer, `collector-${architecture}`, {
          directory: join(deployment.root, 'images/collector'),
          platform: platformOf(architecture),
          buildArgs: { image },
          displayName: 'collector',
        }),
    ),
    proxy: (kind, name, architecture) =>
      proxyImage(layer, deployment, plan, { kind, name }, platformOf(architecture)),
  };
}
