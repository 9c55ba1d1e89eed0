import { type FieldLines, linesOf, replaceField } from '../cache/fields.ts';
import { parseWeighted } from '../cache/weighted-list.ts';

/** The content codings the edge makes, the better first. */
export type Coding = 'br' | 'gzip';

const codings: readonly Coding[] = ['br', 'gzip'];

/**
 * The codings a viewer accepts, of those the edge makes: named, or meant by `*`, with a weight above 0 (RFC 9110,
 * section 12.5.3). Without the field any would do, but then the edge sends none, as CloudFront.
 */
export function acceptedCodings(headers: FieldLines): Coding[] {
  const weighted = parseWeighted(linesOf(headers, 'accept-encoding'));
  const weightOf = (name: string) => weighted.find((member) => member.name === name)?.weight;
  return codings.filter((coding) => (weightOf(coding) ?? weightOf('*') ?? 0) > 0);
}

/** The one coding of those accepted: the heaviest, of equals the better; undefined for identity. */
export function negotiate(headers: FieldLines): Coding | undefined {
  const accepted = acceptedCodings(headers);
  const weighted = parseWeighted(linesOf(headers, 'accept-encoding'));
  const weightOf = (name: string) => weighted.find((member) => member.name === name)?.weight;
  const heaviest = Math.max(...accepted.map((coding) => weightOf(coding) ?? weightOf('*') ?? 0));
  const best = accepted.find((coding) => (weightOf(coding) ?? weightOf('*') ?? 0) === heaviest);
  // Identity is acceptable unless it is refused; only a weight of its own above the coding's puts it first.
  return best !== undefined && (weightOf('identity') ?? 0) > heaviest ? undefined : best;
}

/**
 * The fields with Accept-Encoding folded to what makes a difference, so that viewers share what is stored.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html#cache-policy-compressed-objects
 */
export function foldAcceptEncoding(headers: FieldLines): string[] {
  return replaceField(headers, 'accept-encoding', negotiate(headers));
}
