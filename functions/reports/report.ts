import { z } from 'zod';

/** One report as it is written down. Addresses are without query and fragment: they may hold what is nobody's business. */
export interface Report {
  /** `csp-violation` or another of https://www.w3.org/TR/reporting-1/#concept-report-type. */
  readonly type: string;
  /** The page it is about. */
  readonly url: string;
  /** Milliseconds between its cause and its being sent. */
  readonly age: number;
  readonly body: Readonly<Record<string, string | number | boolean>>;
}

/** What is taken of reports. The rest is left out, and longer texts are cut. */
export const reportLimits = {
  /** Bytes of a request. */
  body: 65_536,
  /** Reports of a request. */
  reports: 100,
  /** Members of a report's body. */
  members: 24,
  /** Characters of a text. */
  text: 1024,
} as const;

const { reports, members, text } = reportLimits;

const type = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);
const body = z.record(z.string(), z.unknown());

/** https://www.w3.org/TR/reporting-1/#serialize-reports */
const batch = z
  .array(z.object({ type, url: z.string(), age: z.number().min(0).default(0), body: body.nullish() }))
  .min(1)
  .max(reports);

/** https://www.w3.org/TR/CSP3/#deprecated-serialize-violation */
const violation = z.object({ 'csp-report': body });

/** Reads reports of the Reporting API (`application/reports+json`); undefined when they are none. */
export function readBatch(json: unknown): Report[] | undefined {
  const read = batch.safeParse(json);
  return read.data?.map((report) => ({
    type: report.type,
    url: address(report.url),
    age: Math.round(report.age),
    body: flat(report.body ?? {}),
  }));
}

/** Reads the report of a CSP's `report-uri` (`application/csp-report`); undefined when it is none. */
export function readViolation(json: unknown): Report[] | undefined {
  const read = violation.safeParse(json);
  if (!read.success) return undefined;
  const { 'document-uri': url = '', ...rest } = read.data['csp-report'];
  if (typeof url !== 'string') return undefined;
  return [{ type: 'csp-violation', url: address(url), age: 0, body: flat(rest) }];
}

/** The members of a body that are plain values, by their names in the Reporting API's spelling. */
function flat(fields: Readonly<Record<string, unknown>>): Report['body'] {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields).slice(0, members)) {
    const key = camelCase(name.slice(0, 64));
    if (typeof value === 'string') kept[key] = address(value);
    else if (typeof value === 'boolean' || Number.isFinite(value)) kept[key] = value as number | boolean;
  }
  return kept;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/Uri$/, 'URL');
}

/** A text of bounded length; of an address, only where it leads to. */
function address(value: string): string {
  if (/^(?:https?|wss?|blob|file):/i.test(value)) {
    const url = URL.parse(value);
    if (url) return `${url.protocol}//${url.host}${url.pathname}`.slice(0, text);
  }
  return value.slice(0, text);
}
