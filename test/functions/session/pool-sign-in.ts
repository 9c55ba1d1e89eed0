import { createBrowser, password } from '../../security/user-pool-client.ts';

/**
 * Signs in on the user pool's own pages, as a person does.
 * @returns the address the pool leads back to
 */
export async function signInAtPool(
  authorizationUrl: string,
  { username = 'erin', secret = password, browser = createBrowser(new URL(authorizationUrl).origin) } = {},
): Promise<URL> {
  const { origin } = new URL(authorizationUrl);
  const begun = await browser.request(authorizationUrl);
  const first = begun.headers.get('location') ?? '';
  if (!first.startsWith('/')) return new URL(first);
  await (await browser.request(first)).text();
  const submitted = await browser.request('/login', {
    method: 'POST',
    body: new URLSearchParams({ username, password: secret }),
    headers: { origin, 'sec-fetch-site': 'same-origin' },
  });
  const finished = await browser.request(submitted.headers.get('location') ?? '');
  return new URL(finished.headers.get('location') ?? '');
}
