import type { EntityInput } from '../api/entity.ts';

/** What a person typed: an entity not yet checked. */
export interface Draft {
  readonly name: string;
  readonly attributes: readonly DraftAttribute[];
}

/** One attribute as it stands in its row. */
export interface DraftAttribute {
  /** Tells rows apart while keys change. */
  readonly row: string;
  readonly key: string;
  readonly type: AttributeType;
  readonly text: string;
}

/** How an attribute's text is to be read. */
export const attributeTypes = { text: 'Text', number: 'Number', truth: 'Yes or no', json: 'JSON' } as const;
export type AttributeType = keyof typeof attributeTypes;

/** What is wrong with a draft, by place: `name`, or a row with `key` or `text`. */
export type Faults = ReadonlyMap<string, string>;

const maxNameLength = 255;

/** An entity as a draft. */
export function draftOf({ name, attributes }: EntityInput): Draft {
  return {
    name,
    attributes: Object.entries(attributes).map(([key, value], index) => ({
      row: `row-${index}`,
      key,
      ...written(value),
    })),
  };
}

function written(value: unknown): { type: AttributeType; text: string } {
  switch (typeof value) {
    case 'string':
      return { type: 'text', text: value };
    case 'number':
      return { type: 'number', text: String(value) };
    case 'boolean':
      return { type: 'truth', text: String(value) };
    default:
      return { type: 'json', text: JSON.stringify(value) };
  }
}

/** Checks a draft by the platform's rules that a person can break. @returns the entity, or every fault */
export function read({
  name,
  attributes,
}: Draft): { readonly input: EntityInput } | { readonly faults: Faults } {
  const faults = new Map<string, string>();
  const length = [...name].length;
  if (name.trim() === '') faults.set('name', 'Give it a name.');
  else if (length > maxNameLength)
    faults.set('name', `A name has at most ${maxNameLength} characters; this one has ${length}.`);
  const values = new Map<string, unknown>();
  for (const { row, key, type, text } of attributes) {
    if (key === '') faults.set(`${row}.key`, 'Name the attribute, or remove the row.');
    else if (values.has(key)) faults.set(`${row}.key`, 'There is an attribute of this name above.');
    const value = parsed(type, text);
    if ('fault' in value) faults.set(`${row}.text`, value.fault);
    else values.set(key, value.value);
  }
  return faults.size > 0 ? { faults } : { input: { name, attributes: Object.fromEntries(values) } };
}

function parsed(type: AttributeType, text: string): { value: unknown } | { fault: string } {
  switch (type) {
    case 'text':
      return { value: text };
    case 'truth':
      return { value: text === 'true' };
    case 'number': {
      const value = Number(text);
      return text.trim() === '' || !Number.isFinite(value)
        ? { fault: 'This is no number; write one such as 52.5.' }
        : { value };
    }
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { fault: 'This is not JSON; write a value such as ["a", "b"] or {"a": 1}.' };
      }
  }
}
