import { isObject } from '../format.ts';

/** Where a text stands that placeholders were filled into. */
export interface TextPlace {
  readonly path: readonly PropertyKey[];
  /** The object or the list it stands in. */
  readonly parent: unknown;
  /** Whether it was one placeholder and nothing else, without quotes: then it may stand for anything. */
  readonly open: boolean;
}

/** Members that hold a number wherever App Mesh has them. */
const numbers = new Set<PropertyKey | undefined>([
  'port',
  'ports',
  'weight',
  'priority',
  'start',
  'end',
  'maxRetries',
  'perRetryTimeoutMillis',
  'intervalMillis',
  'timeoutMillis',
  'healthyThreshold',
  'unhealthyThreshold',
  'maxConnections',
  'maxPendingRequests',
  'maxRequests',
  'maxServerErrors',
  'maxEjectionPercent',
]);

const booleans = new Set<PropertyKey | undefined>(['enforce', 'invert']);

/** Lists of texts; App Mesh's other lists are of objects, or of numbers. */
const textLists = /^(exact|certificateAuthorityA(RN|rn)s|\w+RetryEvents)$/;

/** Whether App Mesh has a text at a place, not a number, a truth value or an object. */
export function isTextMeant({ path, parent, open }: TextPlace): boolean {
  if (open && Array.isArray(parent) && !textLists.test(String(memberOf(path)))) return false;
  return !isNumberMeant(path, parent) && !booleans.has(memberOf(path));
}

/**
 * A filled-in text as the value that is meant at its place: a number or a truth value where App Mesh has one; the
 * object, list or text that its JSON stands for where nothing else stood; the text itself otherwise.
 */
export function plainValue(text: string, place: TextPlace): unknown {
  if (isNumberMeant(place.path, place.parent) && /^\s*-?\d+(\.\d+)?\s*$/.test(text)) return Number(text);
  if (booleans.has(memberOf(place.path)) && /^(true|false)$/.test(text)) return text === 'true';
  if (!place.open || !/^\s*[[{"]/.test(text)) return text;
  return Array.isArray(place.parent) ? (json(`[${text}]`) ?? text) : (json(text) ?? text);
}

/** `value` holds a number beside a unit, and a text beside a key. */
function isNumberMeant(path: readonly PropertyKey[], parent: unknown): boolean {
  const member = memberOf(path);
  return numbers.has(member) || (member === 'value' && isObject(parent) && 'unit' in parent);
}

/** The member a place belongs to, be it in a list. */
export function memberOf(path: readonly PropertyKey[]): PropertyKey | undefined {
  return path.findLast((key) => typeof key !== 'number');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
