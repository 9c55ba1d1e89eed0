import type { CloudFrontRecord } from './event.ts';
import { isMembers } from './invalid-result.ts';
import { type ReturnedRequest, resultRequest } from './result-request.ts';
import { type ReturnedResponse, resultResponse } from './result-response.ts';

/** What came of a function: what goes on, or the status a viewer gets because it failed. */
export type FunctionOutcome =
  | { readonly kind: 'request'; readonly request: ReturnedRequest }
  | { readonly kind: 'response'; readonly response: ReturnedResponse }
  | { readonly kind: 'fault'; readonly status: 502 | 503; readonly reason: string };

/**
 * Checks what a function returned, as CloudFront does; what is not valid is 502.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html#http-502-lambda-validation-error
 * @param json what the handler returned, as JSON; undefined when it returned nothing
 */
export function outcomeOf(record: CloudFrontRecord, json: string | undefined): FunctionOutcome {
  try {
    const returned: unknown = json === undefined ? undefined : JSON.parse(json);
    const answers = record.cf.response !== undefined || (isMembers(returned) && 'status' in returned);
    return answers
      ? { kind: 'response', response: resultResponse(record, returned) }
      : { kind: 'request', request: resultRequest(record, returned) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'fault', status: 502, reason: `its result is invalid: ${reason}` };
  }
}
