import assert from 'node:assert/strict';
import type { CloudFrontRecord } from '../../../src/edge/functions/event.ts';
import {
  eventRecord,
  type RecordedRequest,
  type RecordedResponse,
} from '../../../src/edge/functions/record.ts';
import { outcomeOf } from '../../../src/edge/functions/result.ts';
import type { EventType } from '../../../src/model/sections/access/edge-function.ts';

const config = (eventType: EventType) => ({
  distributionDomainName: 'd111111abcdef8.cloudfront.net',
  distributionId: 'EDFDVBD6EXAMPLE',
  eventType,
  requestId: 'request',
});

export const sent = {
  clientIp: '192.0.2.1',
  method: 'GET',
  target: '/a?b=1',
  headers: ['Host', 'app.example', 'Via', '1.1 a'],
};
const came = { status: 200, reason: 'OK', headers: ['Content-Type', 'text/plain', 'Content-Length', '2'] };

export function requestAt(eventType: EventType, changes: Partial<RecordedRequest> = {}): CloudFrontRecord {
  return eventRecord(config(eventType), { ...sent, ...changes });
}

export function responseAt(eventType: EventType, changes: Partial<RecordedResponse> = {}): CloudFrontRecord {
  return eventRecord(config(eventType), sent, { ...came, ...changes });
}

export type Changed = Record<string, unknown> & { headers: Record<string, unknown> };

/** Changes a member of what a function got. */
export const set = (name: string, value: unknown) => (copy: Changed) => {
  copy[name] = value;
};

/** Changes a header field, or takes it away. */
export const field = (name: string, values: unknown) => (copy: Changed) => {
  copy.headers[name] = values;
};

/** What becomes of a record's request or response after a function has changed it. */
export function returned(record: CloudFrontRecord, change: (copy: Changed) => unknown) {
  const copy = { ...structuredClone(record.cf.response ?? record.cf.request) };
  return outcomeOf(record, JSON.stringify(change(copy) ?? copy));
}

export function assertFault(outcome: ReturnType<typeof outcomeOf>, reason: RegExp): void {
  assert.ok(outcome.kind === 'fault', JSON.stringify(outcome));
  assert.equal(outcome.status, 502);
  assert.match(outcome.reason, reason);
}
