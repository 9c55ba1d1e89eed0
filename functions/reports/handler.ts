import { type ProxyResult, problem, taken } from './answer.ts';
import { type Report, readBatch, readViolation, reportLimits } from './report.ts';

/**
 * What the function reads of a proxy integration's event, payload format 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export interface ProxyEvent {
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

const readers: Readonly<Record<string, (json: unknown) => Report[] | undefined>> = {
  'application/csp-report': readViolation,
  'application/reports+json': readBatch,
};

/**
 * Takes reports that browsers send of what a page was not allowed, and writes each as a line of JSON to the function's
 * log, where they are kept. Anybody may send them: nothing in them is believed, and all of it is bounded.
 */
export async function handler(event: ProxyEvent): Promise<ProxyResult> {
  const reader = readers[mediaType(event)];
  if (!reader) return problem('report-type-unsupported');
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > reportLimits.body) return problem('body-too-large');
  const reports = reader(parsed(bytes));
  if (!reports) return problem('report-invalid');
  const userAgent = field(event, 'user-agent').slice(0, reportLimits.text);
  const time = new Date().toISOString();
  for (const report of reports) console.log(JSON.stringify({ time, event: 'report', ...report, userAgent }));
  return taken;
}

function mediaType(event: ProxyEvent): string {
  return field(event, 'content-type').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The first value of a field. */
function field({ multiValueHeaders }: ProxyEvent, name: string): string {
  for (const [key, values] of Object.entries(multiValueHeaders ?? {})) {
    if (key.toLowerCase() === name) return values[0] ?? '';
  }
  return '';
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
