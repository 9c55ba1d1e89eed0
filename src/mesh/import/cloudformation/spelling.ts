import { isTextMeant, plainValue } from '../placeholders/plain-value.ts';
import { type Evaluated, leaf, list, mapping } from './evaluated.ts';

/**
 * A member's name in the API: CloudFormation's with its first word in lower case, however many of its letters are
 * capitals: `VirtualNodeName` is `virtualNodeName`, `DNS` is `dns`, `AWSCloudMap` is `awsCloudMap`, `HTTP2` is `http2`.
 */
export function apiName(name: string): string {
  return name.replace(/^(?:[A-Z0-9]+$|[A-Z]+(?=[A-Z][a-z])|[A-Z]+)/, (word) => word.toLowerCase());
}

/**
 * A specification in the API's words. CloudFormation takes '8080' for a number and 1 for a text where the resource
 * has one, so a scalar becomes what the API has at its place.
 */
export function apiSpecification(specification: Evaluated): Evaluated {
  return spelled(specification, undefined, undefined);
}

function spelled(node: Evaluated, name: string | undefined, parent: unknown): Evaluated {
  const { value, path, parts } = node;
  if (Array.isArray(value)) {
    if (parts.size === 0)
      return list(
        value.map((item) => spelled(leaf(item, path, node.standIn), name, parent)),
        path,
      );
    return list(
      [...parts.values()].map((part) => spelled(part, name, parent)),
      path,
    );
  }
  if (parts.size === 0) return leaf(scalar(node, name, parent), path, node.standIn);
  const names = new Set<string>();
  const named = [...parts].map(([key, part]) => {
    const own = String(key);
    const api = apiName(own);
    // Of two spellings of one name the second stays as it is, and is refused as no field.
    const free = names.has(api) ? own : api;
    names.add(free);
    return [free, part] as const;
  });
  const siblings = Object.fromEntries([...names].map((sibling) => [sibling, true]));
  return mapping(
    named.map(([key, part]) => [key, spelled(part, key, siblings)] as const),
    path,
  );
}

function scalar({ value, standIn }: Evaluated, name: string | undefined, parent: unknown): unknown {
  if (name === undefined) return value;
  const place = { path: [name], parent, open: false };
  if (typeof value === 'number' || typeof value === 'boolean') {
    return isTextMeant(place) ? String(value) : value;
  }
  if (typeof value !== 'string') return value;
  const plain = plainValue(value, place);
  if (!standIn) return plain;
  if (/^certificate(Arn|AuthorityArns)$/.test(name) && !value.startsWith('arn:')) {
    return `arn:aws:acm:region:account:certificate/${value}`;
  }
  if (typeof plain === 'string' && !isTextMeant(place)) return standIns.get(name) ?? 1;
  return name === 'protocol' ? 'http' : plain;
}

/** What stands in for a number or a truth value that is not known. */
const standIns: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['port', 8080],
  ['enforce', true],
  ['invert', false],
]);
