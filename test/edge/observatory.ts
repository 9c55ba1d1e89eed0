/** What a policy's directives say, by name. */
function directivesOf(policy: string): Map<string, string[]> {
  const directives = policy.split(';').map((directive) => directive.trim().split(/\s+/));
  return new Map(directives.map(([name = '', ...sources]) => [name.toLowerCase(), sources]));
}

const sixMonths = 15_552_000;
const privateReferrers = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'];

/**
 * What Mozilla's observatory gives a page over TLS that sets no cookie, allows no other origin and answers no plain
 * HTTP: 100, less what is missing, and what is beyond that where nothing costs more than 10.
 * https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
export function observatoryScore(headers: Readonly<Record<string, string | undefined>>): number {
  const csp = directivesOf(headers['content-security-policy'] ?? '');
  const script = csp.get('script-src') ?? csp.get('default-src');
  const unsafe = [...csp.values()]
    .flat()
    .some((source) => /^'unsafe-(?:inline|eval)'$|^(?:data|https?):$|^\*$/.test(source));
  const closedForms = ["'none'", "'self'"].includes(csp.get('form-action')?.join(' ') ?? '');
  const age = Number(/max-age=(\d+)/.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0);
  const framed = csp.has('frame-ancestors');
  const scores = [
    script === undefined
      ? -25
      : unsafe
        ? -20
        : csp.get('default-src')?.join() === "'none'" && closedForms
          ? 10
          : 5,
    age >= sixMonths ? 0 : age > 0 ? -10 : -20,
    headers['x-content-type-options'] === 'nosniff' ? 0 : -5,
    framed ? 5 : headers['x-frame-options'] === undefined ? -20 : 0,
    privateReferrers.includes(headers['referrer-policy'] ?? '') ? 5 : 0,
    ['same-origin', 'same-site'].includes(headers['cross-origin-resource-policy'] ?? '') ? 10 : 0,
  ];
  const least = scores.reduce((sum, score) => sum + Math.min(score, 0), 100);
  return least >= 90 ? scores.reduce((sum, score) => sum + score, 100) : least;
}
