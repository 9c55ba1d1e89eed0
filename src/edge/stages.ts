import type { Readable } from 'node:stream';
import type { Answer } from './answer.ts';
import type { BehaviorPath } from './behavior-path.ts';
import type { BehaviorRequest } from './behavior-request.ts';
import { type FieldLines, replaceField } from './cache/fields.ts';
import type { EdgeSettings } from './configuration.ts';
import { type EdgeFunctions, type FunctionRequest, faultMessage } from './edge-functions.ts';
import { errorAnswer } from './error-answer.ts';
import { errorPages } from './error-pages.ts';
import type { Exchange, Stage } from './exchange.ts';
import { hostOf } from './forwarding.ts';
import { hasBody, pathOf } from './request-target.ts';
import { bindsToTls } from './security-headers.ts';
import { via } from './serve-origin.ts';

/** What the stages work with: replaced as a whole when the configuration changes. */
export interface StageSettings {
  /** Finds the behaviour of a path. */
  readonly match: (path: string) => BehaviorPath | undefined;
  readonly functions: EdgeFunctions | undefined;
  readonly errorPages: EdgeSettings['errorPages'];
  /** Whether answers carry x-cache and the edge's part of server-timing. */
  readonly explain: boolean;
}

/** The request path, from top to bottom. */
export interface Stages {
  /** Run until one has answered. */
  readonly request: readonly Stage[];
  /** All run on the answer, whoever made it. */
  readonly response: readonly Stage[];
}

/** The edge's request path as it is configured. */
export function createStages({ match, functions, errorPages: pages, explain }: StageSettings): Stages {
  return {
    request: [matchBehavior(match), refuseMethod, ...(functions ? [viewerRequest(functions)] : []), respond],
    response: [
      ...(pages.length > 0 ? [errorPages(pages, match)] : []),
      ...(functions ? [viewerResponse(functions)] : []),
      setFields(explain),
    ],
  };
}

/** The behaviour is chosen by what the viewer sent, whatever a function makes of it. */
function matchBehavior(match: StageSettings['match']): Stage {
  return (exchange) => {
    const behavior = match(pathOf(exchange.target));
    if (behavior) {
      exchange.behavior = behavior;
    } else {
      exchange.cache = 'error';
      exchange.answer = errorAnswer(404, 'There is nothing here.');
    }
  };
}

/**
 * Methods that the behaviour does not have, and reads with a body, are 403.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustom-get-body
 */
const refuseMethod: Stage = (exchange) => {
  const method = exchange.request.method ?? '';
  const { methods } = exchange.behavior?.behavior ?? { methods: [] };
  const read = method === 'GET' || method === 'HEAD';
  const served = methods.some((one) => one === method) && !(read && hasBody(exchange.request));
  if (served) return;
  exchange.cache = 'error';
  exchange.answer = errorAnswer(403, 'This method is not among those that are served here.');
};

function viewerRequest(functions: EdgeFunctions): Stage {
  return (exchange) => {
    const name = exchange.behavior?.behavior.functions['viewer-request'];
    return name === undefined ? undefined : runViewerRequest(functions, name, exchange);
  };
}

async function runViewerRequest(functions: EdgeFunctions, name: string, exchange: Exchange): Promise<void> {
  const result = await functions.run(name, 'viewer-request', requestOf(exchange), undefined, undefined);
  if (result.kind === 'request') {
    exchange.target = result.target;
    exchange.headers = result.headers;
    if (result.body) exchange.body = result.body;
    return;
  }
  if (result.kind === 'fault') {
    exchange.cache = 'error';
    exchange.answer = errorAnswer(result.status, faultMessage);
    return;
  }
  const { status, reason, headers, body = Buffer.alloc(0) } = result;
  const sized = replaceField(headers, 'content-length', String(body.length));
  exchange.cache = 'function';
  exchange.answer = { status, reason, headers: sized, body };
}

const respond: Stage = (exchange) => {
  const { behavior } = exchange;
  if (!behavior) return undefined;
  const answer = behavior.respond(behaviorRequest(exchange));
  if ('then' in answer) {
    return answer.then((come) => {
      exchange.answer = come;
      exchange.cache = come.source;
    });
  }
  exchange.answer = answer;
  exchange.cache = answer.source;
  return undefined;
};

function behaviorRequest(exchange: Exchange): BehaviorRequest {
  const { request, viewer, target, headers } = exchange;
  const body = bodyOf(exchange);
  return {
    method: request.method ?? 'GET',
    target,
    headers,
    ...(body && { body }),
    viewer,
    host: hostOf(request.rawHeaders),
    departure: exchange.departure,
  };
}

function requestOf(exchange: Exchange): FunctionRequest {
  const { request, viewer, target, headers } = exchange;
  const body = bodyOf(exchange);
  return {
    clientIp: viewer.address,
    method: request.method ?? 'GET',
    target,
    headers,
    ...(body && { body }),
  };
}

function bodyOf({ request, body }: Exchange): Readable | undefined {
  return body ?? (hasBody(request) ? request : undefined);
}

/** Not for errors, nor for what a function before the cache has answered. */
function viewerResponse(functions: EdgeFunctions): Stage {
  return (exchange) => {
    const { answer, behavior, cache } = exchange;
    const name = behavior?.behavior.functions['viewer-response'];
    if (!answer || name === undefined || cache === 'function' || answer.status >= 400) return undefined;
    return runViewerResponse(functions, name, exchange, answer);
  };
}

async function runViewerResponse(
  functions: EdgeFunctions,
  name: string,
  exchange: Exchange,
  answer: Answer,
): Promise<void> {
  const { status, reason, headers, body } = answer;
  const given = { status, reason, headers };
  const result = await functions.run(name, 'viewer-response', requestOf(exchange), given, undefined);
  if (result.kind === 'response') {
    exchange.answer = { ...answer, headers: result.headers };
    return;
  }
  if (body && 'destroy' in body) body.destroy();
  exchange.cache = 'error';
  exchange.answer = errorAnswer(result.kind === 'fault' ? result.status : 502, faultMessage);
}

/** The fields of the behaviour's response headers policy, and those that say how an answer came. */
function setFields(explain: boolean): Stage {
  return (exchange) => {
    const { answer, behavior, viewer, cache, startedAt, request } = exchange;
    if (!answer) return;
    const { encrypted } = viewer;
    const bound = encrypted && bindsToTls({ encrypted, host: hostOf(request.rawHeaders) });
    const policy = behavior && (bound ? behavior.fields.bound : behavior.fields.plain);
    const kept: string[] = [];
    let timing = '';
    const { headers } = answer;
    for (let index = 0; index + 1 < headers.length; index += 2) {
      const name = headers[index] ?? '';
      const lower = name.toLowerCase();
      const value = headers[index + 1] ?? '';
      if (policy?.dropped.has(lower)) continue;
      if (explain && lower === 'server-timing') timing += `${value}, `;
      else if (!explain || lower !== 'x-cache') kept.push(name, value);
    }
    if (policy) append(kept, policy.added);
    if (policy) append(kept, policy.of(request.rawHeaders));
    kept.push('via', via);
    if (explain) {
      const own = `edge;dur=${(performance.now() - startedAt).toFixed(1)}`;
      kept.push('x-cache', cache, 'server-timing', timing + own);
    }
    exchange.answer = { ...answer, headers: kept };
  };
}

function append(lines: string[], added: FieldLines): void {
  for (const part of added) lines.push(part);
}
