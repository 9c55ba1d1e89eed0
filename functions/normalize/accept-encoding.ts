import type { Headers } from './event.ts';

/** The codings that answers here are ever in, the better first. */
const codings = ['br', 'gzip'];

/**
 * Folds Accept-Encoding into one of few values, each of them no more than what the viewer accepts: `br, gzip`, one of
 * both, or `identity` (RFC 9110, 12.5.3). A field that was not sent stays away.
 */
export function foldAcceptEncoding(headers: Headers): void {
  const lines = headers['accept-encoding'];
  if (!lines) return;
  const weights = weightsOf(lines.map(({ value }) => value).join(','));
  const any = weights.get('*') ?? 0;
  const accepted = codings.filter((coding) => (weights.get(coding) ?? any) > 0);
  headers['accept-encoding'] = [
    { key: 'Accept-Encoding', value: accepted.length > 0 ? accepted.join(', ') : 'identity' },
  ];
}

/** The weight of each coding; one that is written wrongly is not accepted. */
function weightsOf(field: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of field.split(',')) {
    const parts = /^([\w*.+-]+)(?:\s*;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/i.exec(member.trim());
    if (!parts) continue;
    const [, written = '', weight = '1'] = parts;
    const coding = written.toLowerCase() === 'x-gzip' ? 'gzip' : written.toLowerCase();
    weights.set(coding, Number(weight));
  }
  return weights;
}
