/** A place in a text that somebody meant to fill in before use. */
export interface Placeholder {
  /** The name to give a value to; for Helm the whole expression. */
  readonly name: string;
  /** As it stands in the text: `${NAME}`. */
  readonly text: string;
  readonly index: number;
  /** What the text itself says to take: `${NAME:-this}`. */
  readonly fallback?: string;
  /** Whether it is an expression of Helm's, which only Helm can fill in. */
  readonly helm: boolean;
}

/**
 * The forms placeholders take in public App Mesh documents: the shell's `$NAME`, `${NAME}`, `${NAME:-this}`
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_06_02), Kustomize's `$(NAME)`,
 * and the `<NAME>` and `{{NAME}}` of people who edit by hand. All are bounded, so that matching stays linear.
 */
const forms = new RegExp(
  [
    String.raw`\$\{(?<braced>[A-Za-z_]\w{0,127})(?::?[-=](?<fallback>[^{}]{0,256}))?\}`,
    String.raw`\$(?<bare>[A-Za-z_]\w{0,127})`,
    String.raw`\$\((?<round>[A-Za-z_]\w{0,127})\)`,
    String.raw`(?<!\?P?)<(?<angled>[A-Za-z][\w .-]{0,62}\w)>`,
    String.raw`\{\{(?<mustache>[^{}]{1,256})\}\}`,
  ].join('|'),
  'g',
);

/** All placeholders of a text, in their order. */
export function placeholdersOf(text: string): Placeholder[] {
  if (!/[$<]|\{\{/.test(text)) return [];
  return [...text.matchAll(forms)].map(({ 0: whole, index, groups = {} }) => {
    const { braced, fallback, bare, round, angled, mustache } = groups;
    const expression = mustache?.replace(/^-/, '').replace(/-$/, '').trim();
    const name = braced ?? bare ?? round ?? angled ?? expression ?? '';
    return {
      name,
      text: whole,
      index,
      ...(fallback === undefined ? {} : { fallback }),
      helm: expression !== undefined && !/^[A-Za-z_]\w*$/.test(expression),
    };
  });
}

/**
 * What stands in the place of a name without a value, so that the rest can still be looked at: `app-namespace`, or
 * an ARN of such a name where a member holds nothing else.
 */
export function standInOf(name: string, member = '', whole = false): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['unknown'];
  const plain = words.join('-');
  if (!whole || !/ARNs?$/i.test(member)) return plain;
  const ofMesh = /^(virtual\w+)ARN$/.exec(member);
  return ofMesh
    ? `arn:aws:appmesh:region:account:mesh/mesh/${ofMesh[1]}/${plain}`
    : `arn:aws:acm:region:account:${plain}`;
}
