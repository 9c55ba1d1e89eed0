import { type ErrorCode, StrataError } from '../../../kernel/errors.ts';
import { quota } from './stack-failure.ts';

/** Sentences of the toolkit that mean something to a person, by what they mean; the first that fits counts. */
const meanings: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /requires bootstrap stack version|environment been bootstrapped|cdk-bootstrap\/\w+\/version/i,
    'bootstrap-missing',
  ],
  [
    /ExpiredToken|token (?:included in the request |has |is )*(?:is )?expired|SSO session .*expired/i,
    'account-credentials-expired',
  ],
  [
    /Unable to resolve AWS account|no credentials have been configured|Could not load credentials/i,
    'account-credentials-missing',
  ],
  [/but the current credentials are for/i, 'account-other'],
  [
    /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|security token .* is invalid/i,
    'account-credentials-refused',
  ],
  [
    /docker daemon|docker: (?:command )?not found|spawn \S*(?:docker|podman|finch)\S* ENOENT/i,
    'container-engine-missing',
  ],
  [/(?:docker|podman|finch)\S* .*exited with error code|Failed to build asset/i, 'image-failed'],
  [/AccessDenied|is not authorized to perform/i, 'account-forbidden'],
  [/termination ?protection/i, 'stack-protected'],
  [/ENOTFOUND|ECONNREFUSED|EAI_AGAIN/i, 'region-unreachable'],
  // What a quota keeps the account from beginning has no event that says so.
  [quota, 'quota-exceeded'],
];

/**
 * What the toolkit's output says went wrong, when it is one of the usual things.
 * @param context what the sentence may name
 */
export function toolkitFailure(
  lines: readonly string[],
  context: Readonly<Record<'region' | 'stack' | 'engine', string>>,
): StrataError | undefined {
  for (const [pattern, code] of meanings) {
    const line = lines.find((text) => pattern.test(text));
    if (line === undefined) continue;
    const [host = `cloudformation.${context.region}.amazonaws.com`] =
      /\S+\.amazonaws\.com\S*/.exec(line) ?? [];
    const reason = line
      .replace(/^\S+: /, '')
      .trim()
      .replace(/\.$/, '');
    return new StrataError(code, { ...context, resource: 'the deployment', reason, host });
  }
  return undefined;
}
