/** What a field of the App Mesh API means on plain Envoy. */
export interface Field {
  /** The field's path: `virtualNode.listeners[].tls.mode`. */
  readonly path: string;
  /** Envoy's fields by message (`envoy.config…v3`), and what stands in them. Empty when nothing is written. */
  readonly envoy: string;
  /** What holds where the field is left out; undefined where the API wants it, or where leaving it out says nothing. */
  readonly absent?: string;
  /** What is different from App Mesh, as far as somebody might notice. */
  readonly different?: string;
  /** Which values are refused, and why. */
  readonly refused?: string;
  /** Why nothing is written for it. */
  readonly unused?: string;
}

/** A field's meaning by its path below some other. */
export type Meanings = Readonly<Record<string, Omit<Field, 'path'>>>;

/** Fields below a path. */
export function below(path: string, meanings: Meanings): Field[] {
  return Object.entries(meanings).map(([rest, meaning]) => ({ path: `${path}.${rest}`, ...meaning }));
}
