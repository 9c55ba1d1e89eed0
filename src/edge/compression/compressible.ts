import { parseDirectives } from '../cache/directives.ts';
import { type FieldLines, fieldValue, linesOf } from '../cache/fields.ts';

/**
 * Types that CloudFront compresses, by their beginning or whole.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
 */
const types =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-javascript|wasm|manifest|rtf|ecmascript|graphql)\b|application\/(?:dash\+xml|eot|font|font-sfnt|json-seq|opentype|otf|pkcs7-mime|protobuf|truetype|ttf|vnd\.ms-fontobject|vnd\.apple\.mpegurl|x-font-\w+|x-httpd-cgi|x-mpegurl|x-opentype|x-otf|x-perl|x-ttf)$|font\/(?:eot|otf|ttf|opentype)$|image\/svg\+xml)/;

/** Bytes of what is compressed: smaller gains nothing, larger takes too long. CloudFront's bounds. */
export const compressibleBytes = { least: 1000, most: 10_000_000 } as const;

/**
 * Whether an answer may be compressed: a 200 of a type and size worth it, not coded already, not under no-transform
 * (RFC 9111, section 5.2.2.6). CloudFront needs Content-Length, and so does this.
 */
export function isCompressible({
  status,
  headers,
}: {
  readonly status: number;
  readonly headers: FieldLines;
}): boolean {
  const length = Number(fieldValue(headers, 'content-length') ?? 0);
  const type = fieldValue(headers, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    status === 200 &&
    length >= compressibleBytes.least &&
    length <= compressibleBytes.most &&
    types.test(type) &&
    fieldValue(headers, 'content-encoding') === undefined &&
    !parseDirectives(linesOf(headers, 'cache-control')).has('no-transform')
  );
}
