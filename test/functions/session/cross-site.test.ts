import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { requestOf } from '../../../functions/session/request.ts';
import { returnAddress } from '../../../functions/session/return-address.ts';
import { isAllowedFrom } from '../../../functions/session/same-origin.ts';

const origin = 'https://app.example';

function isAllowed(method: string, headers: Readonly<Record<string, readonly string[]>>): boolean {
  const event = {
    path: '/session',
    body: null,
    isBase64Encoded: false,
    multiValueQueryStringParameters: null,
  };
  return isAllowedFrom(requestOf({ ...event, httpMethod: method, multiValueHeaders: headers }), [origin]);
}

describe('what changes something', () => {
  const table: [sent: Readonly<Record<string, string[]>>, allowed: boolean][] = [
    [{ 'Sec-Fetch-Site': ['same-origin'] }, true],
    [{ 'sec-fetch-site': ['same-origin'], origin: [origin] }, true],
    [{ 'sec-fetch-site': ['same-site'] }, false],
    [{ 'sec-fetch-site': ['same-site'], origin: [origin] }, false],
    [{ 'sec-fetch-site': ['cross-site'] }, false],
    [{ 'sec-fetch-site': ['cross-site'], origin: [origin] }, false],
    [{ 'sec-fetch-site': ['none'] }, false],
    [{ 'sec-fetch-site': ['none'], 'sec-fetch-mode': ['navigate'] }, false],
    [{ 'sec-fetch-site': ['same-origin', 'cross-site'] }, false],
    [{ 'sec-fetch-site': [''] }, false],
    [{ 'sec-fetch-site': ['Same-Origin'] }, false],
    [{ origin: [origin] }, true],
    [{ Origin: [origin] }, true],
    [{ origin: [`${origin}:8443`] }, false],
    [{ origin: [`${origin}.evil.example`] }, false],
    [{ origin: ['http://app.example'] }, false],
    [{ origin: ['null'] }, false],
    [{ origin: [''] }, false],
    [{ origin: [origin, 'https://evil.example'] }, false],
    [{ referer: [`${origin}/`] }, false],
    [{}, false],
  ];
  for (const method of ['POST', 'DELETE', 'PUT', 'PATCH']) {
    test(`has to come from a page of this origin: ${method}`, () => {
      for (const [headers, allowed] of table) {
        assert.equal(isAllowed(method, headers), allowed, JSON.stringify(headers));
      }
    });
  }
});

describe('what is read', () => {
  const table: [sent: Readonly<Record<string, string[]>>, allowed: boolean][] = [
    [{}, true],
    [{ 'sec-fetch-site': ['same-origin'] }, true],
    [{ 'sec-fetch-site': ['none'] }, true],
    [{ 'sec-fetch-site': ['cross-site'], 'sec-fetch-mode': ['navigate'] }, true],
    [{ 'sec-fetch-site': ['cross-site'], 'sec-fetch-mode': ['no-cors'] }, false],
    [{ 'sec-fetch-site': ['cross-site'], 'sec-fetch-mode': ['cors'] }, false],
    [{ 'sec-fetch-site': ['same-site'], 'sec-fetch-mode': ['cors'] }, false],
    [{ 'sec-fetch-site': ['cross-site'] }, false],
  ];
  test('is not for the scripts of other sites', () => {
    for (const [headers, allowed] of table) {
      assert.equal(isAllowed('GET', headers), allowed, JSON.stringify(headers));
    }
  });
});

describe('where a sign-in leads back to', () => {
  test('is a path of this origin, with its query and fragment', () => {
    for (const path of [
      '/',
      '/entities',
      '/entities?name=A&b=%2F%2Fc',
      '/a/b#c',
      '/%2F%2Fevil.example',
      '/a//b',
    ]) {
      assert.equal(returnAddress(path, origin), `${origin}${path}`);
    }
  });

  test('is nothing that a browser could take for another host', () => {
    const refused = [
      ...['', 'a', 'https://evil.example', '//evil.example', '///evil.example', '/\\evil.example'],
      ...['\\\\evil.example', '/a\\b', '/\t/evil.example', '/\n/evil.example', '/\r\nSet-Cookie: a=b', '/\0'],
      ...['javascript:alert(1)', 'data:text/html,a', ' //evil.example', '\t//evil.example', 'app.example/a'],
      ...['@evil.example', '.evil.example', '/\u0085a', `/${'a'.repeat(1024)}`],
    ];
    for (const path of refused) assert.equal(returnAddress(path, origin), undefined, JSON.stringify(path));
  });

  test('is on this origin for a browser whatever was asked for, and has no way out of a header', () => {
    const nasty = fc.constantFrom(
      ...['/', '\\', '.', ':', '@', '%', '#', '?', '&', '\t', '\n', '\r', '\0', ' ', '\u2028', '\uff0f', 'é'],
      ...[
        'evil.example',
        'https',
        'javascript',
        '%2f',
        '%5c',
        '%09',
        '..',
        'app.example',
        'xn--',
        '[::1]',
        '/./',
      ],
    );
    const paths = fc.array(nasty, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          paths,
          paths.map((path) => `/${path}`),
          fc.string(),
        ),
        (path) => {
          const address = returnAddress(path, origin);
          if (address === undefined) return;
          assert.ok(path.startsWith('/'));
          assert.match(address, /^[\x21-\x7e]+$/);
          for (const page of [`${origin}/session/callback`, 'https://pool.example/oauth2/authorize']) {
            const shown = new URL(address, page);
            assert.deepEqual([shown.origin, shown.username], [origin, '']);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });
});
