import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { withPageScripts } from '../../src/edge/page-scripts.ts';
import { bindsToTls } from '../../src/edge/security-headers.ts';
import { configurationOf, exchange, startEdge, startGateway } from './edge-fixture.ts';
import { observatoryScore } from './observatory.ts';
import { newCertificate, trusted } from './protocol/protocol-fixture.ts';

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

/** An edge with the blueprint's policies, TLS, and a page with a script like those that are built. */
async function servedPage(t: Cleanup) {
  const folder = await mkdtemp(join(tmpdir(), 'headers-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script type="module">import("/a.js")</script>',
  );
  const { chain, key } = await newCertificate();
  const certificate = { chain: join(folder, 'chain'), key: join(folder, 'key') };
  await writeFile(certificate.chain, chain);
  await writeFile(certificate.key, key);
  const gateway = await startGateway(t, (_, response) => response.end('{}'));
  const { plan, ...rest } = configurationOf(folder, gateway);
  const responseHeadersPolicies = withPageScripts(plan.access.responseHeadersPolicies, [folder]);
  return startEdge(t, {
    ...rest,
    plan: { access: { ...plan.access, responseHeadersPolicies } },
    certificate,
  });
}

async function overTls(port: number, path: string, host = 'app.localhost'): Promise<IncomingHttpHeaders> {
  const sent = get({
    host: '127.0.0.1',
    port,
    path,
    ca: trusted,
    servername: 'app.localhost',
    headers: { host },
    agent: false,
  });
  const [answer] = await once(sent, 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.headers;
}

/** High and medium findings of Google's evaluator, the possible ones too. */
function findings(policy: string): string[] {
  return new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity <= Severity.MEDIUM_MAYBE)
    .map(({ directive, value = '', description }) => `${directive} ${value}: ${description}`);
}

describe('a page over TLS', () => {
  test("scores at least 120 at Mozilla's observatory", async (t) => {
    const { address } = await servedPage(t);
    assert.ok(observatoryScore((await overTls(address.port, '/')) as Record<string, string>) >= 120);
  });

  test("has a policy in which Google's evaluator finds nothing high or medium, and an answer of the API too", async (t) => {
    const { address } = await servedPage(t);
    for (const path of ['/', '/api/v1/data']) {
      const { 'content-security-policy': policy } = await overTls(address.port, path);
      assert.deepEqual(findings(String(policy)), [], path);
    }
    assert.notDeepEqual(findings("script-src 'self'"), [], 'the evaluator finds what there is');
  });

  test('lets scripts run by their hash, and no other inline ones', async (t) => {
    const { address } = await servedPage(t);
    const policy = String((await overTls(address.port, '/'))['content-security-policy']);
    assert.match(policy, /script-src 'strict-dynamic' 'sha256-[\w+/]{43}=' 'self';/);
    assert.doesNotMatch(policy, /unsafe|\{scripts\}/);
  });

  test('is on its own: no window of others, no document of others, no sniffing, no devices', async (t) => {
    const { address } = await servedPage(t);
    const headers = await overTls(address.port, '/');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['permissions-policy']), /camera=\(\)/);
  });

  test('says where reports go, which is an address of its own', async (t) => {
    const { address } = await servedPage(t);
    const headers = await overTls(address.port, '/');
    assert.equal(headers['reporting-endpoints'], 'reports="/reports"');
    assert.match(String(headers['content-security-policy']), /report-uri \/reports; report-to reports$/);
  });
});

describe('HSTS', () => {
  test('is sent over TLS, and not in the clear', async (t) => {
    const edge = await servedPage(t);
    const field = 'strict-transport-security';
    assert.equal((await overTls(edge.address.port, '/'))[field], 'max-age=63072000; includeSubDomains');
    const clear = await exchange(edge, '/', { headers: { host: 'app.localhost' } });
    assert.equal(clear.headers[field], undefined);
  });

  test('is not sent where it would bind an address, or all programs of this machine', async (t) => {
    const { port } = (await servedPage(t)).address;
    for (const host of ['localhost', `localhost:${port}`, '127.0.0.1:8080', '[::1]:8080']) {
      assert.equal((await overTls(port, '/', host))['strict-transport-security'], undefined, host);
      assert.equal(bindsToTls({ encrypted: true, host }), false);
    }
    assert.equal(bindsToTls({ encrypted: true, host: 'app.localhost:8080' }), true);
  });
});

test('the score follows what is missing', () => {
  assert.equal(observatoryScore({}), 30);
  assert.equal(observatoryScore({ 'content-security-policy': "script-src 'unsafe-inline'" }), 35);
});
