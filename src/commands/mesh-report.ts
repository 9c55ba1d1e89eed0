import { styleText } from 'node:util';
import { kindNames } from '../mesh/import/assembly/resource-title.ts';
import type { ImportReport, ReportedFinding } from '../mesh/import/report.ts';

/** So many findings of a kind, and resources of a mesh, are told one by one. */
const most = 100;

/** Where a report goes; it is coloured on a terminal alone. */
type Stream = NodeJS.WriteStream;

/** An import the way a person reads it: what was found, what it becomes, what needs a hand. */
export function reportText(report: ImportReport, stream: Stream): string {
  const parts = [
    `${foundText(report)}\n`,
    ...report.meshes.map((mesh) => meshText(mesh, stream)),
    findingsText('could not be resolved', '✗', 'red', report.unresolved, stream),
    findingsText('assumed', '!', 'yellow', report.warnings, stream),
    findingsText('different on plain Envoy', '≠', 'yellow', report.differences, stream),
    findingsText('good to know', '·', 'dim', report.notes, stream),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function foundText({ files, documents }: ImportReport): string {
  const { cloudformation, cli, kubernetes, other } = documents;
  const kinds = [
    ...(cloudformation > 0 ? [counted(cloudformation, 'CloudFormation template')] : []),
    ...(cli > 0 ? [counted(cli, 'CLI specification')] : []),
    ...(kubernetes > 0 ? [counted(kubernetes, 'Kubernetes object')] : []),
    ...(other > 0 ? [`${counted(other, 'other document')} passed over`] : []),
  ];
  return `${counted(files, 'file')}: ${kinds.join(', ') || 'nothing of App Mesh'}`;
}

function meshText(mesh: ImportReport['meshes'][number], stream: Stream): string {
  const { name, owner, becomes, supplied, proxies } = mesh;
  const counts = Object.entries(mesh.resources).map(([kind, count]) =>
    counted(count, kindNames[kind as keyof typeof kindNames]),
  );
  const title = `mesh ${name}${owner === undefined ? '' : ` of account ${owner}`}`;
  const rows = becomes
    .slice(0, most)
    .map(({ kind, name: own, becomes: what = 'left out', file, line }) => [
      kindNames[kind],
      own,
      what,
      `${file}:${line}`,
    ]);
  const all = [
    ...rows,
    ...supplied.slice(0, most).map(({ kind, name: own }) => [kindNames[kind], own, 'supplied', '']),
  ];
  const widths = [0, 1].map((column) =>
    Math.min(48, Math.max(...all.map((row) => (row[column] ?? '').length))),
  );
  const lines = all.map(([kind = '', own = '', what = '', place = '']) => {
    const start = `  ${kind.padEnd(widths[0] ?? 0)}  ${own.padEnd(widths[1] ?? 0)}`;
    return `${start}  → ${what}${place === '' ? '' : `  ${styleText('dim', place, { stream })}`}`;
  });
  if (becomes.length > most) lines.push(`  and ${becomes.length - most} more, which --json lists`);
  const summary = `${counts.join(', ')}; ${counted(proxies.length, 'proxy', 'proxies')}`;
  return `${styleText('bold', title, { stream })}: ${summary}\n${lines.join('\n')}\n`;
}

function findingsText(
  title: string,
  mark: string,
  style: 'red' | 'yellow' | 'dim',
  findings: readonly ReportedFinding[],
  stream: Stream,
): string {
  if (findings.length === 0) return '';
  const beyond = findings.length - most;
  const lines = findings.slice(0, most).map(({ file, line, message, remedy }) => {
    const place = `${file}:${line}`;
    const next = remedy === undefined ? '' : `\n    ${remedy}`;
    return `  ${styleText(style, mark, { stream })} ${place}  ${message}${next}`;
  });
  if (beyond > 0) lines.push(`  and ${beyond} more, which --json lists`);
  return `${styleText('bold', `${findings.length} ${title}`, { stream })}\n${lines.join('\n')}\n`;
}

/** A number with its noun: `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
