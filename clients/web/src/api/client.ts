import axios, { type AxiosResponse, isAxiosError, isCancel } from 'axios';
import { type Explanation, explain } from '../explain/explanation.ts';
import { type Renewal, renewSession } from '../session/renewal.ts';
import { forgetSession } from '../session/session-hint.ts';
import { CallFailure, type FaultyPart } from './failure.ts';
import { parseRetryAfter, retryDelay, retryLimits } from './retry-policy.ts';

/** A call of the platform's API. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Makes the call safe to repeat: the platform carries it out once. */
  readonly idempotencyKey?: string;
  /** The version the call is conditional on. */
  readonly ifMatch?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A successful answer, and how it came about. */
export interface Answered<Body> {
  readonly body: Body;
  readonly explanation: Explanation;
}

const http = axios.create({
  headers: { accept: 'application/json, application/problem+json' },
  // Whether a status is a failure is decided in one place, below.
  validateStatus: () => true,
  // Every read asks the edge: what the browser itself keeps would tell of an earlier answer's way.
  adapter: 'fetch',
  fetchOptions: { cache: 'no-store' },
});

/**
 * Sends a call and repeats it where that can do no harm (retry-policy.ts). All of it stays within 5 s. A 401 renews
 * the session once and sends the call again.
 * @throws CallFailure; what `signal` was aborted with
 */
export async function send<Body>(call: Call): Promise<Answered<Body>> {
  const answer = await repeated(call);
  if (answer.response.status !== 401) return settled<Body>(answer);
  const renewal = await renewed(answer, call.signal);
  if (renewal === 'ended') {
    forgetSession();
    throw new CallFailure('signed-out', 'There is no session.', { status: 401 });
  }
  const again = await repeated(call);
  if (again.response.status === 401) forgetSession();
  return settled<Body>(again);
}

async function renewed({ sentAt }: Arrived, signal: AbortSignal | undefined): Promise<Renewal> {
  try {
    return await renewSession(sentAt, signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CallFailure('unreachable', 'The session could not be renewed now.');
  }
}

interface Arrived {
  readonly response: AxiosResponse<unknown>;
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number;
  /** Milliseconds from the last try's begin to its answer. */
  readonly duration: number;
}

async function repeated(call: Call): Promise<Arrived> {
  const begun = performance.now();
  for (let retries = 0; ; retries += 1) {
    const outcome = await attempt(call, retryLimits.budget - (performance.now() - begun));
    const { status, retryAfter } =
      outcome instanceof CallFailure
        ? { status: undefined, retryAfter: undefined }
        : { status: outcome.response.status, retryAfter: retryAfterOf(outcome.response) };
    const done = status !== undefined && status < 500;
    const delay = done
      ? undefined
      : retryDelay(
          {
            method: call.method,
            keyed: call.idempotencyKey !== undefined,
            status,
            retries,
            elapsed: performance.now() - begun,
            retryAfter,
          },
          retryLimits,
          Math.random(),
        );
    if (delay !== undefined && navigator.onLine) {
      await pause(delay, call.signal);
      continue;
    }
    if (outcome instanceof CallFailure) throw outcome;
    return outcome;
  }
}

async function attempt(call: Call, timeout: number): Promise<Arrived | CallFailure> {
  const sentAt = Date.now();
  const begun = performance.now();
  try {
    const response = await http.request<unknown>({
      method: call.method,
      url: call.path,
      timeout: Math.max(1, Math.round(timeout)),
      headers: {
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
        ...(call.ifMatch === undefined ? {} : { 'if-match': `"${call.ifMatch}"` }),
      },
      ...(call.query ? { params: call.query } : {}),
      ...(call.body === undefined ? {} : { data: call.body }),
      ...(call.signal ? { signal: call.signal } : {}),
    });
    return { response, sentAt, duration: performance.now() - begun };
  } catch (error) {
    if (isCancel(error)) throw error;
    if (!navigator.onLine) return new CallFailure('offline', 'The device is offline.');
    const late = isAxiosError(error) && (error.code === 'ECONNABORTED' || error.code === 'ETIMEDOUT');
    return late
      ? new CallFailure('timeout', 'No answer came within 5 seconds.')
      : new CallFailure('unreachable', 'No answer came.');
  }
}

function settled<Body>({ response, sentAt, duration }: Arrived): Answered<Body> {
  if (response.status < 400) {
    return { body: response.data as Body, explanation: explain(headerOf(response), { sentAt, duration }) };
  }
  const { type, detail, title, message, errors } = (
    typeof response.data === 'object' && response.data !== null ? response.data : {}
  ) as { type?: string; detail?: string; title?: string; message?: string; errors?: FaultyPart[] };
  const kind = response.status === 401 ? 'signed-out' : 'answer';
  throw new CallFailure(kind, detail ?? title ?? message ?? `The answer was ${response.status}.`, {
    status: response.status,
    retryAfter: retryAfterOf(response),
    ...(type === undefined ? {} : { code: type.slice(type.lastIndexOf(':') + 1) }),
    ...(Array.isArray(errors) ? { parts: errors } : {}),
  });
}

function headerOf(response: AxiosResponse<unknown>): (name: string) => string | undefined {
  return (name) => {
    const value: unknown = response.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}

function retryAfterOf(response: AxiosResponse<unknown>): number | undefined {
  return parseRetryAfter(headerOf(response)('retry-after'), Date.now());
}

/** Waits; an abort ends the wait. @throws the signal's reason */
function pause(duration: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, duration);
    signal?.addEventListener('abort', end, { once: true });
  });
}
