import aws4 from 'aws4';

/** Milliseconds after which a server that does not answer counts as not ready. */
const timeout = 1000;

/** Where the table's server is and how requests to it are signed. */
export interface TableConnection {
  /** Base address, such as http://127.0.0.1:8000. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Asks the table's server for its tables with a signed request
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html).
 * @throws Error when it does not answer 200 within a second
 */
export async function pingTable({ endpoint, region, ...credentials }: TableConnection): Promise<void> {
  const body = JSON.stringify({ Limit: 1 });
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': 'DynamoDB_20120810.ListTables',
  };
  const request = aws4.sign(
    { service: 'dynamodb', region, host: new URL(endpoint).host, method: 'POST', path: '/', headers, body },
    credentials,
  );
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: request.headers as Record<string, string>,
    body,
    signal: AbortSignal.timeout(timeout),
  });
  const text = await answer.text();
  if (answer.status !== 200)
    throw new Error(`ListTables was answered ${answer.status}: ${text.slice(0, 200)}`);
}
