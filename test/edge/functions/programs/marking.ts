/** A function that leaves its mark at each event, and answers what it is asked to. */

type Headers = Record<string, { key?: string; value: string }[]>;

interface Record_ {
  readonly config: { readonly eventType: string };
  readonly request: { uri: string; headers: Headers };
  readonly response?: { status: string; headers: Headers; body?: string };
}

export const handler = ({ Records }: { readonly Records: readonly [{ readonly cf: Record_ }] }) => {
  const { config, request, response } = Records[0].cf;
  const subject = response ?? request;
  const asked = request.headers['x-ask']?.[0]?.value;
  if (asked === `${config.eventType} answer`) return { status: '418', body: 'made by a function' };
  if (asked === `${config.eventType} throw`) throw new Error('asked for');
  if (asked === `${config.eventType} via`) subject.headers.via = [{ value: 'a function' }];
  if (asked === 'origin-response body' && response && config.eventType === 'origin-response') {
    return { ...response, status: '203', body: 'another body' };
  }
  subject.headers[`x-${config.eventType}`] = [{ key: `X-${config.eventType}`, value: 'seen' }];
  return subject;
};
