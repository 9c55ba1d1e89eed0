import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { startHttpApplication } from './applications/http.ts';
import { fileCredentials } from './credentials.ts';
import { called, caller, meshOf } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

const arn = (service: string, id: string) => `arn:aws:${service}:eu-west-1:123456789012:${id}`;
const certificateArn = arn('acm', 'certificate/callee');
const authorityArn = arn('acm-pca', 'certificate-authority/ours');
const strangeArn = arn('acm-pca', 'certificate-authority/theirs');

test("a certificate of ACM's, for which the environment has files,", async (t) => {
  const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const stranger = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const ours = await fileCredentials(t, authority, ['called']);
  const theirs = await fileCredentials(t, stranger, []);
  const trusting = (authorities: string) => ({
    clientPolicy: {
      tls: { validation: { trust: { acm: { certificateAuthorityArns: [authorities] } } } },
    },
  });
  const mesh = meshOf({
    nodes: {
      [caller]: {
        backends: [
          { virtualService: { virtualServiceName: 'trusted.local', ...trusting(authorityArn) } },
          { virtualService: { virtualServiceName: 'distrusted.local', ...trusting(strangeArn) } },
        ],
      },
      callee: called('http', { tls: { mode: 'STRICT', certificate: { acm: { certificateArn } } } }),
    },
    services: { 'trusted.local': 'callee', 'distrusted.local': 'callee' },
  });
  const app = await startHttpApplication(t, 'app');
  const { file } = ours.certificate('called');
  assert.ok(file);
  const callee = await startProxy(
    t,
    mesh,
    { kind: 'node', name: 'callee' },
    { certificates: { [certificateArn]: file }, applications: { 8080: app.address } },
  );
  const authorities = {
    [authorityArn]: { authorities: ours.trust.file?.certificateChain ?? '' },
    [strangeArn]: { authorities: theirs.trust.file?.certificateChain ?? '' },
  };
  const proxy = await startCaller(t, mesh, { authorities, endpoints: { callee: [callee.listeners] } });

  await t.test('is good where its authority is trusted, and nowhere else', async () => {
    assert.equal((await proxy.call('trusted.local')).body, 'app');
    assert.equal((await proxy.call('distrusted.local')).status, 503);
  });
});
