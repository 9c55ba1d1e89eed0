/** One value of a header, a query parameter or a cookie; all of them in `multiValue` where there are several. */
export interface FieldValue {
  readonly value: string;
  readonly multiValue?: readonly { readonly value: string }[];
}

/** A request as a CDN function gets it: no body, header names in lower case. */
export interface ViewerRequest {
  readonly method: string;
  /** The path as it was sent, without the query. */
  uri: string;
  /** What the viewer asked, by name; what goes on may be the whole query as text. */
  querystring: Readonly<Record<string, FieldValue>> | string;
  readonly headers: Record<string, FieldValue>;
  readonly cookies: Readonly<Record<string, FieldValue>>;
}

/** An answer a CDN function gives itself. */
export interface ViewerResponse {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly headers: Readonly<Record<string, FieldValue>>;
}

/**
 * What a CDN function is called with when a viewer's request comes in.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export interface ViewerRequestEvent {
  readonly request: ViewerRequest;
}
