import { areEntityFields, checkEntity, isEntityId } from '../../entity-rules.ts';
import { nameBasedId } from '../../name-based-id.ts';
import type { LoadRecord } from './batch.ts';

/** An entity read from a line of a file. */
export interface LineRecord extends LoadRecord {
  readonly line: number;
}

/** What a line says: an entity, or why it is none. */
export type ParsedLine = { readonly record: LineRecord } | { readonly reason: string };

const fields = new Set(['id', 'name', 'attributes']);

/** What the entity API shows beside those; a line may carry it, and it is not stored. */
const given = new Set(['createdAt', 'updatedAt', 'version']);

/**
 * Reads an entity from a line of NDJSON. One without an id gets the id that this text always gets on this line: a
 * repeated load finds what an earlier one stored, and two lines that are alike are two entities.
 * @param maxAttributes bytes the attributes may have as JSON
 */
export function parseLine(line: number, text: string, maxAttributes: number): ParsedLine {
  const value = parseJson(text);
  if (value === undefined) return { reason: 'not JSON' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { reason: 'not a JSON object' };
  }
  const members = new Map<string, unknown>(Object.entries(value));
  const unknown = [...members.keys()].filter((key) => !fields.has(key) && !given.has(key));
  if (unknown.length > 0) return { reason: `unknown field ${JSON.stringify(unknown[0]).slice(0, 80)}` };
  const id = members.get('id') ?? nameBasedId(`line ${line} ${text}`);
  if (!isEntityId(id)) return { reason: '/id must be a UUID' };
  if (!members.has('name')) return { reason: '/name is missing' };
  const entity = { name: members.get('name'), attributes: members.get('attributes') ?? {} };
  const problems = checkEntity(entity, maxAttributes);
  if (areEntityFields(entity, problems)) return { record: { line, id: id.toLowerCase(), ...entity } };
  return { reason: problems.map(({ path, message }) => `${path.slice(0, 200)} ${message}`).join(', ') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
