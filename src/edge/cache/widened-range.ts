import { type FieldLines, fieldValue, replaceField } from './fields.ts';
import { parseRange } from './range.ts';

/**
 * A request's fields with its range widened to whole blocks, so that those beside it are answered from the store;
 * undefined where it asks for no range with both ends.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RangeGETs.html
 */
export function widened(fields: FieldLines, block: number): string[] | undefined {
  const asked = parseRange(fieldValue(fields, 'range') ?? '');
  if (asked === 'other' || 'suffix' in asked || asked.last === undefined) return undefined;
  const first = Math.floor(asked.first / block) * block;
  const last = (Math.floor(asked.last / block) + 1) * block - 1;
  return replaceField(fields, 'range', `bytes=${first}-${last}`);
}
