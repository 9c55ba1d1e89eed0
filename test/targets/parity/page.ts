import { differences, reasonFor } from './differences.ts';
import type { Row, Value } from './settings.ts';

/** The table as a page: what both worlds set alike, what differs, and what is not compared, each with its reason. */
export function pageOf(rows: readonly Row[]): string {
  const alike = rows.filter(({ local, aws }) => JSON.stringify(local) === JSON.stringify(aws));
  const unlike = rows.filter((row) => !alike.includes(row));
  return `${[
    '# One plan in both worlds',
    '',
    'What each setting is on a laptop, asked of what runs there, and what it is in the synthesized templates. Neither',
    'column is read from the plan. This page is written by the parity test, which fails when it is no longer true:',
    '`STRATA_GOLDEN=write ./strata test test/targets/parity` writes it anew. Durations are milliseconds.',
    '',
    '## The same',
    '',
    '| setting | laptop | account |',
    '|---|---|---|',
    ...alike.map(({ setting, local, aws }) => `| \`${setting}\` | ${shown(local)} | ${shown(aws)} |`),
    '',
    '## Known to one, or different',
    '',
    '| setting | laptop | account | why |',
    '|---|---|---|---|',
    ...unlike.map(
      ({ setting, local, aws }) =>
        `| \`${setting}\` | ${shown(local)} | ${shown(aws)} | ${reasonFor(setting) ?? ''} |`,
    ),
    '',
    '## Not compared',
    '',
    '| setting | why |',
    '|---|---|',
    ...differences.map(({ setting, reason }) => `| \`${setting}\` | ${reason} |`),
  ].join('\n')}\n`;
}

function shown(value: Value | undefined): string {
  if (value === undefined) return '–';
  const text = Array.isArray(value) ? value.join(', ') || 'none' : String(value);
  return text.replaceAll('|', '\\|');
}
