import { type FieldLines, fieldValue, linesOf, replaceField } from '../cache/fields.ts';
import { parseWeighted } from '../cache/weighted-list.ts';

/** The content codings the edge makes, the better first. */
export type Coding = 'br' | 'gzip';

const codings: readonly Coding[] = ['br', 'gzip'];

/**
 * The codings a viewer accepts, of those the edge makes: named, or meant by `*`, with a weight above 0 (RFC 9110,
 * section 12.5.3). Without the field any would do, but then the edge sends none, as CloudFront.
 */
function acceptedCodings(headers: FieldLines, allowed: readonly Coding[]): Coding[] {
  const weighted = parseWeighted(linesOf(headers, 'accept-encoding'));
  const weightOf = (name: string) => weighted.find((member) => member.name === name)?.weight;
  return codings.filter((coding) => allowed.includes(coding) && (weightOf(coding) ?? weightOf('*') ?? 0) > 0);
}

/** The one coding of those accepted: the heaviest, of equals the better; undefined for identity. */
export function negotiate(headers: FieldLines, allowed: readonly Coding[] = codings): Coding | undefined {
  const accepted = acceptedCodings(headers, allowed);
  const weighted = parseWeighted(linesOf(headers, 'accept-encoding'));
  const weightOf = (name: string) => weighted.find((member) => member.name === name)?.weight;
  const heaviest = Math.max(...accepted.map((coding) => weightOf(coding) ?? weightOf('*') ?? 0));
  const best = accepted.find((coding) => (weightOf(coding) ?? weightOf('*') ?? 0) === heaviest);
  // Identity is acceptable unless it is refused; only a weight of its own above the coding's puts it first.
  return best !== undefined && (weightOf('identity') ?? 0) > heaviest ? undefined : best;
}

/** How many forms of Accept-Encoding are remembered. */
const remembered = 256;

/**
 * Makes the function that finds the one coding of a request among those allowed; undefined for identity. Browsers send
 * few forms of the field, so what each came to is remembered.
 */
export function codingFor(allowed: readonly Coding[]): (headers: FieldLines) => Coding | undefined {
  const known = new Map<string, Coding | undefined>();
  return (headers) => {
    if (allowed.length === 0) return undefined;
    const field = fieldValue(headers, 'accept-encoding');
    if (field === undefined) return undefined;
    if (known.has(field)) return known.get(field);
    const coding = negotiate(['accept-encoding', field], allowed);
    if (known.size >= remembered) known.clear();
    known.set(field, coding);
    return coding;
  };
}

/**
 * The fields with Accept-Encoding folded to what makes a difference, so that viewers share what is stored.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html#cache-policy-compressed-objects
 */
export function foldAcceptEncoding(headers: FieldLines): string[] {
  return replaceField(headers, 'accept-encoding', negotiate(headers));
}
