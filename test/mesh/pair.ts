import type { Address } from '../../src/mesh/environment.ts';
import type { Lifetime } from '../engines.ts';
import { meshAuthority, type meshOf, type RunningProxy, startProxy } from './proxies.ts';

/** Starts the sidecars of `catalog`, in front of an application, and of `entities`, which calls it, with mutual TLS. */
export async function startPair(
  lifetime: Lifetime,
  mesh: ReturnType<typeof meshOf>,
  application: Address,
): Promise<{ readonly caller: RunningProxy; readonly callee: RunningProxy }> {
  const options = { authority: await meshAuthority(), application };
  const callee = await startProxy(lifetime, mesh, { kind: 'node', name: 'catalog' }, options);
  const endpoints = { catalog: [callee.ingress] };
  const entities = { kind: 'node', name: 'entities' } as const;
  return { callee, caller: await startProxy(lifetime, mesh, entities, { ...options, endpoints }) };
}
