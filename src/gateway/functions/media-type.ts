/**
 * Whether a media type is one of the API's binary ones, which may end in a wildcard.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
 */
export function isBinary(type: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.includes('*/*')) return true;
  const [plain = ''] = (type ?? '').split(';', 1);
  const found = plain.trim().toLowerCase();
  return binaryMediaTypes.some((each) =>
    each.endsWith('/*') ? found.startsWith(each.slice(0, -1)) : found === each,
  );
}
