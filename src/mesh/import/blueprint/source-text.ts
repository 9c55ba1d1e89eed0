import type { MeshBlueprint } from './document.ts';

/** Columns of a line. */
const width = 110;

/** What each section of a blueprint is, as comments say it. */
const sections: Readonly<Record<string, string>> = {
  access: '1. Client access: everything goes to the API gateway',
  gateway: '2. API gateway: one route for everything',
  compute: '3. Compute: a service for each virtual node',
  mesh: '4. Service mesh: as the App Mesh documents have it',
  data: '5. Data storage: as every platform has it',
  observability: '6. Observability',
};

/** A blueprint as the text of a blueprint.ts. */
export function blueprintText({ document, notes }: MeshBlueprint): string {
  const members = Object.entries(document).map(([key, value]) => {
    const comment = sections[key];
    const above = comment === undefined ? '' : `\n  // ${comment}\n`;
    return `${above}  ${key}: ${literal(value, 2, `${key}: `.length)},\n`;
  });
  const told = notes.map((note) => ` * - ${note.replaceAll('*/', '* /').replace(/\s+/g, ' ')}\n`);
  return [
    "import { blueprint } from './src/model/blueprint.ts';\n\n",
    `/**\n * Made of App Mesh documents by \`strata mesh import\`.\n${told.join('')} */\n`,
    `export default blueprint({\n${members.join('')}});\n`,
  ].join('');
}

/** A value as TypeScript: on one line where it fits, else a line a member. */
function literal(value: unknown, indent: number, used: number): string {
  const short = inline(value);
  if (indent + used + short.length + 1 <= width) return short;
  const inside = ' '.repeat(indent + 2);
  const end = ' '.repeat(indent);
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${inside}${literal(item, indent + 2, 0)},\n`).join('')}${end}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = entriesOf(value).map(([key, member]) => {
      const name = `${keyText(key)}: `;
      return `${inside}${name}${literal(member, indent + 2, name.length)},\n`;
    });
    return `{\n${members.join('')}${end}}`;
  }
  return short;
}

function inline(value: unknown): string {
  if (typeof value === 'string') return textLiteral(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = entriesOf(value).map(([key, member]) => `${keyText(key)}: ${inline(member)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return String(value);
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

function keyText(key: string): string {
  // As a plain key it would set the prototype.
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : textLiteral(key);
}

/** Single quotes; JSON's escapes are TypeScript's, too. */
function textLiteral(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}
