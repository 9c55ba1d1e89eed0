/** One thing wrong with an entity a caller sent: a JSON Pointer (RFC 6901) to the place, and what is wrong there. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What a caller may write of an entity; the store gives the rest. */
export interface EntityFields {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The most characters (Unicode code points, as VARCHAR counts them) of a name. */
export const maxNameLength = 255;

/** The most levels of nesting in attributes; the attributes object itself is level 1. */
export const maxAttributesDepth = 30;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a value is the text of a UUID (RFC 9562, section 4; any version, any letter case). */
export function isEntityId(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

/** What is wrong with a name; empty when it may be stored. */
export function checkName(name: unknown, path = '/name'): Problem[] {
  if (typeof name !== 'string') return [{ path, message: 'must be a string' }];
  if (name === '') return [{ path, message: 'must not be empty' }];
  const problems: Problem[] = [];
  // A code point takes one or two UTF-16 units: only names in between need counting.
  if (name.length > 2 * maxNameLength || (name.length > maxNameLength && [...name].length > maxNameLength)) {
    problems.push({ path, message: `must not be longer than ${maxNameLength} characters` });
  }
  const text = checkText(name);
  if (text) problems.push({ path, message: text });
  return problems;
}

/**
 * What is wrong with attributes; empty when they may be stored. Looks at no level below the deepest allowed,
 * so that hostile nesting costs nothing.
 * @param maxBytes bytes of the attributes as JSON in UTF-8
 */
export function checkAttributes(attributes: unknown, maxBytes: number, path = '/attributes'): Problem[] {
  if (!isObject(attributes)) return [{ path, message: 'must be an object' }];
  const problems: Problem[] = [];
  inspect(attributes, path, 1, problems);
  if (problems.length === 0 && Buffer.byteLength(JSON.stringify(attributes)) > maxBytes) {
    problems.push({ path, message: `must not be larger than ${maxBytes} bytes as JSON` });
  }
  return problems;
}

/** What a caller sent as the fields of an entity. Unknown members are the caller's matter. */
export interface UncheckedFields {
  readonly name: unknown;
  readonly attributes: unknown;
}

/** What is wrong with the fields of an entity; empty when they may be stored. */
export function checkEntity({ name, attributes }: UncheckedFields, maxBytes: number): Problem[] {
  return [...checkName(name), ...checkAttributes(attributes, maxBytes)];
}

/** Whether fields in which no rule finds a problem have the types of an entity's. */
export function areEntityFields(
  fields: UncheckedFields,
  problems: readonly Problem[],
): fields is EntityFields {
  return problems.length === 0 && typeof fields.name === 'string' && isObject(fields.attributes);
}

/** At most this many problems of one entity are told. */
const maxProblems = 20;

function inspect(value: unknown, path: string, depth: number, problems: Problem[]): void {
  if (problems.length >= maxProblems) return;
  if (typeof value === 'string') {
    const message = checkText(value);
    if (message) problems.push({ path, message });
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) problems.push({ path, message: 'must be a number of double precision' });
  } else if (typeof value === 'object' && value !== null) {
    if (depth > maxAttributesDepth) {
      problems.push({ path, message: `must not be nested deeper than ${maxAttributesDepth} levels` });
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const place = `${path}/${pointerToken(key)}`;
      const message = checkText(key);
      if (message) problems.push({ path: place, message: `the key ${message}` });
      inspect(member, place, depth + 1, problems);
    }
  }
}

/** PostgreSQL's text and jsonb store neither a NUL nor half of a surrogate pair. */
function checkText(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain a NUL character';
  if (!text.isWellFormed()) return 'must not contain a lone surrogate';
  return undefined;
}

/** A key as one token of a JSON Pointer (RFC 6901, section 3); what is not printable text is replaced. */
function pointerToken(key: string): string {
  return key.toWellFormed().replaceAll('\0', '\ufffd').replaceAll('~', '~0').replaceAll('/', '~1');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
