import type { BehaviorPath } from './behavior-path.ts';
import { fieldValue, replaceField } from './cache/fields.ts';
import type { EdgeSettings } from './configuration.ts';
import type { Exchange, Stage } from './exchange.ts';
import { hostOf } from './forwarding.ts';

type ErrorPage = EdgeSettings['errorPages'][number];

/**
 * Puts a page in the place of an error, whichever behaviour had it. The page comes by the behaviour of its own path; one
 * that cannot be had leaves the error as it is.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html
 */
export function errorPages(
  pages: readonly ErrorPage[],
  match: (path: string) => BehaviorPath | undefined,
): Stage {
  const byStatus = new Map<number, ErrorPage>(pages.map((page) => [page.status, page]));
  return async (exchange) => {
    const { answer } = exchange;
    const entry = answer && byStatus.get(answer.status);
    if (!answer || entry?.page === undefined || entry.answer === undefined) return;
    const page = await pageOf(entry.page, match, exchange);
    if (page?.status !== 200) {
      if (page?.body && 'destroy' in page.body) page.body.destroy();
      return;
    }
    if (answer.body && 'destroy' in answer.body) answer.body.destroy();
    exchange.answer = { ...page, status: entry.answer, reason: '' };
    exchange.cache = 'error';
  };
}

async function pageOf(path: string, match: (path: string) => BehaviorPath | undefined, exchange: Exchange) {
  const { request, viewer } = exchange;
  const accepted = fieldValue(request.rawHeaders, 'accept-encoding');
  return match(path)?.respond({
    method: 'GET',
    target: path,
    headers: replaceField([], 'accept-encoding', accepted),
    viewer,
    host: hostOf(request.rawHeaders),
  });
}
