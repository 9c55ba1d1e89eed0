const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const longest = 40;

/** A number as people read it; one that identifies something, by the name of its attribute, as it is written. */
function numberText(value: number, attribute: string): string {
  return /(?:^i|I)d$/.test(attribute) ? String(value) : numbers.format(value);
}

/** An attribute's value in a few words. */
export function shortValue(value: unknown, attribute: string): string {
  const text =
    typeof value === 'number'
      ? numberText(value, attribute)
      : typeof value === 'boolean'
        ? value
          ? 'yes'
          : 'no'
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** An attribute's value, whole. */
export function Value({ value, attribute }: { readonly value: unknown; readonly attribute: string }) {
  if (value === undefined) return <span className="absent">not there</span>;
  if (value === '') return <span className="absent">empty</span>;
  if (value === null) return <span className="absent">null</span>;
  if (typeof value === 'object') return <pre className="json">{JSON.stringify(value, undefined, 2)}</pre>;
  if (typeof value === 'number') return <span className="value">{numberText(value, attribute)}</span>;
  return <span className="value">{typeof value === 'string' ? value : value === true ? 'yes' : 'no'}</span>;
}
