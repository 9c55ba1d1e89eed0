import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentSettings } from '../environment.ts';
import { type ProxyResources, proxySettings } from '../proxy.ts';
import type { Settings } from '../settings.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** What the templates, and the images they are deployed with, say of services, their proxies and their schema. */
export function computeSettings(templates: Templates, assemblyFolder: string): Settings {
  const proxies = join(assemblyFolder, 'images/envoy');
  return {
    ...Object.assign({}, ...environmentsIn(templates).map(environmentSettings)),
    ...taskCounts(templates),
    'data.cache.memory': cacheMemory(templates),
    ...Object.assign(
      {},
      ...readdirSync(proxies).map((name) => proxySettings(name, resourcesIn(join(proxies, name)))),
    ),
    ...schemaSettings(join(assemblyFolder, 'images/service')),
  };
}

/** The settings in the environment of every app. */
function environmentsIn(templates: Templates): string[] {
  const tasks = Object.values(resourcesOf(templates, 'compute', 'AWS::ECS::TaskDefinition'));
  const variables = tasks
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions as readonly Properties[])
    .flatMap(
      ({ Environment = [] }) => Environment as readonly { readonly Name: string; readonly Value: string }[],
    );
  return variables.filter(({ Name }) => Name === 'SERVICE_SETTINGS').map(({ Value }) => Value);
}

/** Bytes the cache may hold. */
function cacheMemory(templates: Templates): number {
  const { CacheUsageLimits } = resourceOf(templates, 'cache', 'AWS::ElastiCache::ServerlessCache');
  const { DataStorage } = CacheUsageLimits as {
    readonly DataStorage: { readonly Maximum: number; readonly Unit: 'GB' };
  };
  return DataStorage.Maximum * 1024 ** 3;
}

/** As many tasks as scaling leaves at least: services have no other number. */
function taskCounts(templates: Templates): Settings {
  const services = resourcesOf(templates, 'compute', 'AWS::ECS::Service');
  const targets = Object.values(
    resourcesOf(templates, 'compute', 'AWS::ApplicationAutoScaling::ScalableTarget'),
  );
  return Object.fromEntries(
    targets.flatMap(({ ResourceId, MinCapacity }) => {
      const id = Object.keys(services).find((service) => JSON.stringify(ResourceId).includes(`"${service}"`));
      const name = services[id ?? '']?.ServiceName;
      return name === 'ingress' ? [] : [[`compute.services.${name}.tasks`, Number(MinCapacity)]];
    }),
  );
}

function resourcesIn(image: string): ProxyResources {
  const folder = join(image, 'configuration');
  const resources = (pattern: RegExp) =>
    readdirSync(folder)
      .filter((name) => pattern.test(name))
      .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).resources);
  return {
    listeners: resources(/^listeners/),
    clusters: resources(/^clusters/),
    routes: resources(/^routes-/),
  };
}

/** The columns that the image's first migration gives the blueprint's table. */
function schemaSettings(image: string): Settings {
  const folder = join(image, 'src/data/relational/migrations');
  const [first = ''] = readdirSync(folder).toSorted();
  const text = readFileSync(join(folder, first), 'utf8');
  const [, table = '', columns = ''] = /CREATE TABLE (\w+) \(\n(.*?)\n\);/s.exec(text) ?? [];
  return {
    'data.relational.table': table,
    'data.relational.columns': columns
      .split('\n')
      .map((line) => /^\s*(\w+) ([\w()]+)/.exec(line))
      .map((match) => `${match?.[1]} ${match?.[2]?.toLowerCase()}`)
      .toSorted(),
  };
}
