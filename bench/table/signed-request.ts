import aws4 from 'aws4';
import type { LoadRequest } from '../load/protocol.ts';
import { bodyAt } from './bodies.ts';
import type { TableTarget } from './protocol.ts';

/** The n-th call as signed bytes, for the bare reference: no client, no parsing of the answer. */
export function signedRequest(
  target: TableTarget,
  operation: 'BatchGetItem' | 'TransactWriteItems',
  index: number,
): LoadRequest {
  const { host } = new URL(target.endpoint);
  const body = JSON.stringify(bodyAt(operation, target.table, index));
  const { headers = {} } = aws4.sign(
    {
      service: 'dynamodb',
      region: target.region,
      host,
      method: 'POST',
      path: '/',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
      },
      body,
    },
    target.credentials,
  );
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return {
    wire: `POST / HTTP/1.1\r\n${lines.join('')}\r\n${body}`,
    status: 200,
    contains: 'ConsumedCapacity',
  };
}
