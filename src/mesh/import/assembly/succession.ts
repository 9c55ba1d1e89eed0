import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../found-resource.ts';
import type { PlacedResource } from './belonging.ts';
import { identityOf, placeText, titleOf } from './resource-title.ts';

/** The resources of one mesh as they are in the end, each once. */
export interface Succession {
  readonly resources: readonly PlacedResource[];
  readonly findings: readonly Finding[];
}

/**
 * Carries out the documents in their order: what creates a resource comes before what updates it, a later update
 * replaces an earlier one, and a resource that is created twice, in different ways, is an error.
 */
export function succession(resources: readonly PlacedResource[]): Succession {
  const findings: Finding[] = [];
  const current = new Map<string, PlacedResource>();
  for (const resource of resources.filter(({ update }) => !update)) {
    const key = identityOf(resource);
    const earlier = current.get(key);
    if (earlier === undefined) current.set(key, resource);
    else findings.push(repetition(resource, earlier));
  }
  for (const resource of resources.filter(({ update }) => update)) {
    const key = identityOf(resource);
    const earlier = current.get(key);
    if (earlier !== undefined && !isDeepStrictEqual(earlier.spec, resource.spec)) {
      findings.push(replacement(resource, earlier));
    }
    current.set(key, resource);
  }
  return { resources: [...current.values()], findings };
}

function repetition(resource: PlacedResource, earlier: PlacedResource): Finding {
  const same = isDeepStrictEqual(resource.spec, earlier.spec);
  const message = `${titleOf(resource)} stands at ${placeText(earlier.origin)} already`;
  return same
    ? { severity: 'note', code: 'resource-repeated', message, origin: resource.origin }
    : {
        severity: 'error',
        code: 'resource-duplicate',
        message: `${message}, with another specification`,
        origin: resource.origin,
        remedy: 'Give only the document that counts.',
      };
}

function replacement(resource: PlacedResource, earlier: PlacedResource): Finding {
  return {
    severity: earlier.update ? 'warning' : 'note',
    code: 'resource-updated',
    message: `${titleOf(resource)} takes the place of what ${placeText(earlier.origin)} says`,
    origin: resource.origin,
  };
}
