/** Header fields by lower-case name, one entry a line. */
export type Headers = Record<string, { key?: string; value: string }[]>;

/** A viewer's request, as a function at the edge gets and returns it. */
export interface ViewerRequest {
  readonly clientIp: string;
  readonly method: string;
  /** The path, as it was sent. */
  uri: string;
  /** Without the question mark. */
  querystring: string;
  readonly headers: Headers;
}

/** An answer a function makes itself. */
export interface GeneratedResponse {
  readonly status: string;
  readonly statusDescription: string;
  readonly headers: Headers;
}

/**
 * What a function is called with when a viewer's request comes in.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
 */
export interface ViewerRequestEvent {
  readonly Records: readonly [{ readonly cf: { readonly request: ViewerRequest } }];
}
