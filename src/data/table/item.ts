import type { Plan } from '../../model/plan.ts';
import type { Change, Entity } from '../entity.ts';

/** The table's settings, from the plan. */
export type TableSettings = Plan['data']['table'];

/** A value as DynamoDB's JSON writes it; only the types the table uses. */
export type AttributeValue = { readonly S: string } | { readonly N: string } | { readonly BOOL: boolean };

/** An item, or the part of one that an index or a key is. */
export type Item = Readonly<Record<string, AttributeValue>>;

const keyPrefix = 'ENTITY#';
const sortKey = 'METADATA';

/** The primary key of an entity's item. */
export function keyOf(id: string, settings: TableSettings): Item {
  return { [settings.partitionKey]: { S: `${keyPrefix}${id}` }, [settings.sortKey]: { S: sortKey } };
}

/**
 * The item of a change. A deletion leaves a tombstone: its version and no name, so it is in no index and a late
 * redelivery cannot bring the entity back.
 *
 * `attributes` is a string of JSON, not a DynamoDB map: a map would have to lose something. DynamoDB's numbers have
 * 38 digits between 1E-130 and 1E+126 (JSON's have no bound, and -0 exists), a map forgets the order of its keys,
 * and every nested value costs 1 to 3 bytes of overhead and the engine's time to take apart, for attributes that no
 * expression and no index key of ours ever looks into
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 */
export function itemOf({ id, version, entity }: Change, settings: TableSettings): Item {
  const key = { ...keyOf(id, settings), version: { N: String(version) } };
  if (entity === undefined) return { ...key, deleted: { BOOL: true } };
  return {
    ...key,
    name: { S: entity.name },
    attributes: { S: JSON.stringify(entity.attributes) },
    createdAt: { S: entity.createdAt },
    updatedAt: { S: entity.updatedAt },
  };
}

/** The entity of a whole item, or undefined for a tombstone. @throws Error when the item is not one of ours */
export function entityOf(item: Item, settings: TableSettings): Entity | undefined {
  if (item.deleted !== undefined) return undefined;
  return {
    id: idOf(item, settings),
    name: text(item, 'name'),
    attributes: JSON.parse(text(item, 'attributes')) as Entity['attributes'],
    createdAt: text(item, 'createdAt'),
    updatedAt: text(item, 'updatedAt'),
    version: versionOf(item),
  };
}

/** The version of an item. @throws Error when it has none */
export function versionOf(item: Item): number {
  const value = item.version;
  if (value === undefined || !('N' in value)) throw new Error('an item of the table has no version');
  return Number(value.N);
}

/** The entity's id in a key. @throws Error when the key is not one of ours */
export function idOf(item: Item, settings: TableSettings): string {
  const key = text(item, settings.partitionKey);
  if (!key.startsWith(keyPrefix)) throw new Error('an item of the table has a foreign key');
  return key.slice(keyPrefix.length);
}

function text(item: Item, name: string): string {
  const value = item[name];
  if (value === undefined || !('S' in value)) throw new Error(`an item of the table has no ${name}`);
  return value.S;
}
