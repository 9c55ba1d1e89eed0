const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 6 });
const longest = 40;

/** An attribute's value in a few words. */
export function shortValue(value: unknown): string {
  const text =
    typeof value === 'number'
      ? numbers.format(value)
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
export function Value({ value }: { readonly value: unknown }) {
  if (value === undefined) return <span className="absent">not there</span>;
  if (value === '') return <span className="absent">empty</span>;
  if (value === null) return <span className="absent">null</span>;
  if (typeof value === 'object') return <pre className="json">{JSON.stringify(value, undefined, 2)}</pre>;
  return <span className="value">{typeof value === 'string' ? value : whole(value)}</span>;
}

function whole(value: unknown): string {
  return typeof value === 'number' ? numbers.format(value) : value === true ? 'yes' : 'no';
}
