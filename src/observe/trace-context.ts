import { randomBytes } from 'node:crypto';

/** Where a request stands in its trace (W3C Trace Context, section 3.2). */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the caller's span. */
  readonly parentId: string;
  /** 8 bits; the lowest says the caller records this trace. */
  readonly flags: number;
}

const format = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const zeros = /^0+$/;

/**
 * Reads a `traceparent` header. Undefined when it is absent or malformed: the trace then starts here.
 * A version newer than 00 is read by the fields this one knows (W3C Trace Context, section 4.3).
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = format.exec(header ?? '');
  if (!match) return undefined;
  const [, version, traceId = '', parentId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (zeros.test(traceId) || zeros.test(parentId)) return undefined;
  return { traceId, parentId, flags: Number.parseInt(flags, 16) };
}

/** Writes a `traceparent` header in version 00. */
export function serializeTraceparent({ traceId, parentId, flags }: TraceContext): string {
  return `00-${traceId}-${parentId}-${flags.toString(16).padStart(2, '0')}`;
}

/** The context a call made on behalf of this one carries: same trace, a span of its own. */
export function childOf(context: TraceContext): TraceContext {
  return { ...context, parentId: randomBytes(8).toString('hex') };
}
