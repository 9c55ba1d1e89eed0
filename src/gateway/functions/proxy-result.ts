import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Answer } from '../answer.ts';
import { clientHeaders } from '../response-headers.ts';
import { isBinary } from './media-type.ts';

/** What the answer is for. */
export interface ResultContext {
  /** The client's Accept. */
  readonly accept: string | undefined;
  /** Media types whose bodies are bytes rather than text. */
  readonly binaryMediaTypes: readonly string[];
}

/**
 * The answer a function's result stands for; undefined when it is malformed. A text in base64 becomes bytes when the
 * first type the client accepts is a binary one of the API.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function answerOf(result: unknown, context: ResultContext): Answer | undefined {
  if (!isRecord(result)) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') return undefined;
  const raw = rawHeaders(headers, multiValueHeaders);
  if (!raw) return undefined;
  const accepted = context.accept?.split(',', 1)[0];
  const bytes = isBase64Encoded === true && isBinary(accepted, context.binaryMediaTypes);
  const content = Buffer.from(body ?? '', bytes ? 'base64' : 'utf8');
  const { headers: kept, timing } = clientHeaders(raw);
  if (status === 204 || status === 304) return { status, headers: kept, body: '', timing };
  if (!kept.includes('content-type')) kept.push('content-type', 'application/json');
  kept.push('content-length', String(content.length));
  return { status, headers: kept, body: content, timing };
}

/** Names in lower case and values in turn; a name in both is the list's. */
function rawHeaders(single: unknown, multiple: unknown): string[] | undefined {
  if (!isOptionalRecord(single) || !isOptionalRecord(multiple)) return undefined;
  const raw: string[] = [];
  const listed = new Set(Object.keys(multiple ?? {}).map((name) => name.toLowerCase()));
  for (const [name, value] of Object.entries(single ?? {})) {
    if (listed.has(name.toLowerCase())) continue;
    if (!append(raw, name, value)) return undefined;
  }
  for (const [name, values] of Object.entries(multiple ?? {})) {
    if (!Array.isArray(values) || !values.every((value) => append(raw, name, value))) return undefined;
  }
  return raw;
}

function append(raw: string[], name: string, value: unknown): boolean {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
  } catch {
    return false;
  }
  raw.push(name.toLowerCase(), String(value));
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOptionalRecord(value: unknown): value is Record<string, unknown> | undefined | null {
  return value === undefined || value === null || isRecord(value);
}
