/** A function that says in a field what it has seen of a body, and puts another in its place when it is asked to. */

interface Request {
  readonly method: string;
  readonly headers: Record<string, { key?: string; value: string }[]>;
  body?: { inputTruncated: boolean; action: string; encoding: string; data: string };
}

export const handler = ({
  Records,
}: {
  readonly Records: readonly [{ readonly cf: { readonly request: Request } }];
}) => {
  const { request } = Records[0].cf;
  const { body } = request;
  const seen = body ? `${Buffer.from(body.data, 'base64').length} ${body.inputTruncated}` : 'nothing';
  const asked = request.headers['x-ask']?.[0]?.value;
  if (asked === 'answer') return { status: '200', body: seen };
  request.headers['x-seen'] = [{ value: seen }];
  if (asked === 'replace' && body)
    request.body = { ...body, action: 'replace', encoding: 'text', data: 'another body' };
  return request;
};
