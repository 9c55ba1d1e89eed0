import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { meshImportCommand } from '../../src/commands/mesh-import.ts';
import { type Field, fields } from '../../src/mesh/fields.ts';

const path = join(import.meta.dirname, '../../docs/leaving-app-mesh.md');
const page = readFileSync(path, 'utf8');
const [begin, end] = ['<!-- fields: begin -->\n', '<!-- fields: end -->\n'];

const titles: Readonly<Record<string, string>> = {
  mesh: 'Mesh',
  virtualNode: 'Virtual node',
  virtualService: 'Virtual service',
  virtualRouter: 'Virtual router',
  route: 'Route',
  virtualGateway: 'Virtual gateway',
  gatewayRoute: 'Gateway route',
};

/** The table of all fields, a part for each resource. A route's fields for HTTP and HTTP/2 share a line. */
function fieldTables(): string {
  return Object.entries(titles)
    .map(([kind, title]) => {
      const own = fields.filter((field) => field.path.startsWith(`${kind}.`));
      const lines = Map.groupBy(own, lineOf);
      return [
        `### ${title}`,
        '',
        row(head),
        row(head.map(() => '---')),
        ...[...lines.values()].map(line),
      ].join('\n');
    })
    .join('\n\n');
}

const head = ['App Mesh', 'on plain Envoy', 'left out', 'different', 'refused'];

/** What fields of one line have in common. */
function lineOf({ path: own, ...meaning }: Field): string {
  return JSON.stringify([own.replace('http2Route', 'httpRoute'), meaning]);
}

function line(same: readonly Field[]): string {
  const [{ envoy = '', absent = '', different = '', refused = '', unused } = {}] = same;
  const names = same.map(({ path: own }) => `\`${own}\``).join('<br>');
  return row([names, unused === undefined ? envoy : `nothing: ${unused}`, absent, different, refused]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The page with the table as it should be. */
function withTables(): string {
  const [before] = page.split(begin);
  const after = page.slice(page.indexOf(end));
  return `${before}${begin}\n${fieldTables()}\n\n${after}`;
}

// STRATA_GOLDEN=write writes the table anew.
test("the page's table is what the code says of each field", () => {
  if (process.env.STRATA_GOLDEN === 'write') writeFileSync(path, withTables());
  else assert.equal(page, withTables());
});

test('the page names every option of the import, and no other', () => {
  const options = meshImportCommand().options.map(({ long }) => long ?? '');
  const steps = page.slice(0, page.indexOf('## 5. Run the sidecar'));
  const named = new Set(steps.match(/(?<=`|import [^\n]*)--[a-z-]+/g) ?? []);
  const others = new Set(['--cli-input-json', '--config-path', '--mode']);
  assert.deepEqual([...named].filter((option) => !others.has(option)).toSorted(), options.toSorted());
});

test('every link within the page leads to a heading', () => {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target]) => target ?? '');
  assert.deepEqual(
    links.filter((target) => !headings.includes(target)),
    [],
  );
});
