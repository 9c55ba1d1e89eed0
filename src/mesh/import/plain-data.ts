import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode, type YAMLMap } from 'yaml';
import { pathText } from '../../model/mistake.ts';
import { importLimits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** A syntax tree's values as plain data, and the way back from a path to the text. */
export interface PlainData {
  readonly value: unknown;
  /** Offset of the value at a path, and the path as text; of the nearest value above when there is none. */
  readonly locate: (path: readonly PropertyKey[]) => { readonly offset: number; readonly path: string };
  readonly unquoted: (path: readonly PropertyKey[]) => boolean;
}

/** How many values may still come. */
export interface Budget {
  values: number;
}

/** A converted value: its place, how many values it is once every alias is written out, and its parts. */
interface Converted {
  readonly value: unknown;
  readonly offset: number;
  readonly weight: number;
  readonly unquoted: boolean;
  readonly parts: ReadonlyMap<PropertyKey, Converted>;
}

/**
 * Turns a syntax tree into plain data: CloudFormation's short tags into their long form, aliases into the value they
 * stand for, merge keys into what they merge.
 * @throws {Refusal} for an alias of nothing, a key that stands twice, a key that is no text, too many values
 */
export function plainData(
  contents: ParsedNode | null,
  budget: Budget,
  show = (text: string) => text,
): PlainData {
  const root = convert(contents, { show, anchors: new Map(), budget });
  return {
    value: root.value,
    locate(path) {
      const { found, depth } = follow(root, path);
      return { offset: found.offset, path: depth === 0 ? '' : pathText(path.slice(0, depth)) };
    },
    unquoted(path) {
      const { found, depth } = follow(root, path);
      return depth === path.length && found.unquoted;
    },
  };
}

interface Conversion {
  /** What a text of the tree was written as. */
  readonly show: (text: string) => string;
  readonly anchors: Map<string, Converted>;
  readonly budget: Budget;
}

function convert(node: Node | null, conversion: Conversion): Converted {
  if (isAlias(node)) return aliased(node.source, offsetOf(node), conversion);
  spend(1, conversion, node);
  const plain = withTag(node, untagged(node, conversion));
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) conversion.anchors.set(anchor, plain);
  return plain;
}

function aliased(name: string, offset: number, conversion: Conversion): Converted {
  const target = conversion.anchors.get(name);
  if (target === undefined) {
    throw new Refusal(
      'alias-unknown',
      `*${name} stands for nothing: no &${name} is complete before it`,
      offset,
    );
  }
  conversion.budget.values -= target.weight;
  if (conversion.budget.values < 0) throw tooMany(offset);
  return target;
}

function untagged(node: Node | null, conversion: Conversion): Converted {
  const offset = offsetOf(node);
  if (isMap(node)) return mapping(node, offset, conversion);
  if (isSeq(node)) {
    const parts = node.items.map((item) => {
      if (isPair(item)) throw new Refusal('tag-unknown', 'an ordered mapping is not understood here', offset);
      return convert(item as Node | null, conversion);
    });
    return {
      value: parts.map(({ value }) => value),
      offset,
      weight: 1 + weightOf(parts),
      unquoted: false,
      parts: new Map(parts.entries()),
    };
  }
  if (isScalar(node)) {
    const { value, source, type } = node;
    // A tag such as !!binary makes an object; what was written is worth more here.
    const plain = typeof value === 'object' && value !== null ? (source ?? '') : value;
    return {
      value: typeof plain === 'string' ? conversion.show(plain) : plain,
      offset,
      weight: 1,
      unquoted: type === 'PLAIN',
      parts: new Map(),
    };
  }
  return { value: null, offset, weight: 1, unquoted: true, parts: new Map() };
}

function mapping(node: YAMLMap, offset: number, conversion: Conversion): Converted {
  const own = new Map<string, Converted>();
  const places = new Map<string, number>();
  const merged: Converted[] = [];
  for (const pair of node.items) {
    const key = conversion.show(keyOf(pair.key as Node | null));
    const place = offsetOf(pair.key as Node | null, offset);
    const part = convert(pair.value as Node | null, conversion);
    if (key === '<<') merged.push(...mergeable(part, place));
    else {
      const earlier = places.get(key);
      if (earlier !== undefined) {
        throw new Refusal('duplicate-key', `the key ${key} stands here a second time`, place, earlier);
      }
      places.set(key, place);
      // A mapping or an absent value is best found at its key.
      own.set(key, part.parts.size > 0 || part.value === null ? { ...part, offset: place } : part);
    }
  }
  const parts = new Map<string, Converted>();
  for (const source of merged.reverse()) {
    for (const [key, part] of source.parts) parts.set(String(key), part);
  }
  for (const [key, part] of own) parts.set(key, part);
  return {
    value: Object.fromEntries([...parts].map(([key, { value }]) => [key, value])),
    offset,
    weight: 1 + weightOf(parts.values()),
    unquoted: false,
    parts,
  };
}

/** YAML's merge key takes one mapping or a list of them, the first of which wins: https://yaml.org/type/merge.html */
function mergeable(part: Converted, offset: number): Converted[] {
  const sources = Array.isArray(part.value) ? [...part.parts.values()] : [part];
  for (const { value } of sources) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Refusal('merge-invalid', 'the merge key << takes a mapping, or a list of mappings', offset);
    }
  }
  return sources;
}

function keyOf(node: Node | null): string {
  if (node !== null && !isScalar(node)) {
    throw new Refusal('key-invalid', 'a key has to be a text', offsetOf(node));
  }
  const key = node === null ? '' : String(node.source ?? node.value ?? '');
  if (key === '__proto__') {
    throw new Refusal(
      'key-invalid',
      'the key __proto__ means nothing in any of these documents',
      offsetOf(node),
    );
  }
  return key;
}

/** `!Sub x` as `{ 'Fn::Sub': 'x' }`; a tag of YAML's own says only what the value is already. */
function withTag(node: Node | null, plain: Converted): Converted {
  const tag = isScalar(node) || isMap(node) || isSeq(node) ? node.tag : undefined;
  if (tag === undefined || !/^!\w/.test(tag)) return plain;
  const name = tag.slice(1);
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  return {
    value: { [key]: plain.value },
    offset: plain.offset,
    weight: plain.weight + 1,
    unquoted: false,
    parts: new Map([[key, plain]]),
  };
}

function follow(root: Converted, path: readonly PropertyKey[]): { found: Converted; depth: number } {
  let found = root;
  for (const [depth, key] of path.entries()) {
    const part = found.parts.get(key);
    if (part === undefined) return { found, depth };
    found = part;
  }
  return { found, depth: path.length };
}

function spend(values: number, { budget }: Conversion, node: Node | null): void {
  budget.values -= values;
  if (budget.values < 0) throw tooMany(offsetOf(node));
}

function tooMany(offset: number): Refusal {
  return new Refusal(
    'too-many-values',
    `the file holds more than ${importLimits.values} values, each alias counted with all it stands for`,
    offset,
  );
}

function weightOf(parts: Iterable<Converted>): number {
  let weight = 0;
  for (const part of parts) weight += part.weight;
  return weight;
}

function offsetOf(node: Node | null, otherwise = 0): number {
  return node?.range?.[0] ?? otherwise;
}
