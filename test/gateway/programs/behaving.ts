/** A function that does what its path says, for tests of what runs functions. */

interface Event {
  readonly path: string;
  readonly body: string | null;
}
interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

let served = 0;

/** Results that no answer can be made of. */
const malformed: Readonly<Record<string, unknown>> = {
  none: undefined,
  text: 'hello',
  list: [],
  'no-status': { body: 'a' },
  'odd-status': { statusCode: 999 },
  'body-object': { statusCode: 200, body: { a: 1 } },
  'header-object': { statusCode: 200, headers: { a: { b: 1 } } },
  'header-break': { statusCode: 200, headers: { a: 'b\r\nc: d' } },
  'header-name': { statusCode: 200, headers: { 'a b': 'c' } },
  'values-text': { statusCode: 200, multiValueHeaders: { a: 'b' } },
  'base64-text': { statusCode: 200, body: 'YQ==', isBase64Encoded: 'true' },
};

export async function handler(event: Event, context: Context): Promise<unknown> {
  const [, , what = '', which = ''] = event.path.split('/');
  switch (what) {
    case 'malformed':
      return malformed[which];
    case 'throw':
      throw new Error('as asked');
    case 'exit':
      process.exit(1);
      break;
    case 'spin':
      for (;;) served += 1;
    case 'wait':
      return new Promise(() => setInterval(() => undefined, 1000));
    case 'grow':
      for (const kept: unknown[] = []; ; ) kept.push(Array.from({ length: 1000 }, (_, index) => `${index}`));
    case 'large':
      return { statusCode: 200, body: 'a'.repeat(Number(which)) };
    case 'print':
      console.log(`said ${event.body}`);
      break;
    case 'variables':
      return { statusCode: 200, body: JSON.stringify(process.env) };
    case 'served':
      served += 1;
      return { statusCode: 200, body: String(served) };
    case 'time':
      return { statusCode: 200, body: String(context.getRemainingTimeInMillis()) };
    case 'cookies':
      return {
        statusCode: 302,
        headers: { location: '/', 'X-One': 'single', 'x-strata-role': 'admin' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2; Path=/'], 'x-one': ['listed'] },
      };
    case 'bytes':
      return {
        statusCode: 200,
        headers: { 'content-type': 'image/png' },
        body: Buffer.from([0, 255, 1]).toString('base64'),
        isBase64Encoded: true,
      };
  }
  return { statusCode: 200, body: JSON.stringify(event) };
}
