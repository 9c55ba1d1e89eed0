import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerImageAsset, type Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { Construct } from 'constructs';
import { compileProxy } from '../../../mesh/compile.ts';
import type { ProxyReference } from '../../../mesh/environment.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Deployment } from '../layer.ts';
import { accountMesh, proxyEnvironment } from './proxy-environment.ts';

/**
 * The image of one proxy: its Dockerfile and its configuration, and nothing of another's. A change of the mesh gives
 * new images to the proxies it concerns, which then roll as their services do.
 */
export function proxyImage(
  scope: Construct,
  { app, root }: Deployment,
  plan: Plan,
  proxy: ProxyReference,
  platform: Platform,
): DockerImageAsset {
  const folder = join(app.outdir, 'images', 'envoy', proxy.name);
  const configuration = join(folder, 'configuration');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(configuration, { recursive: true });
  cpSync(join(root, 'images/envoy/Dockerfile'), join(folder, 'Dockerfile'));
  const { files } = compileProxy(accountMesh(plan), proxy, proxyEnvironment(plan, proxy));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(configuration, name), `${JSON.stringify(content, undefined, 1)}\n`);
  }
  return new DockerImageAsset(scope, `${proxy.name}-proxy`, {
    directory: folder,
    platform,
    displayName: `${proxy.name} proxy`,
  });
}
