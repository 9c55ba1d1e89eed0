import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { eventually } from '../../eventually.ts';
import { startHttpApplication } from './applications/http.ts';
import { startWitness } from './applications/witness.ts';
import { shownSerial } from './clients/tls.ts';
import { clientOf, fileCredentials, issue, socketCredentials } from './credentials.ts';
import { called, caller, meshOf } from './definition.ts';
import { underLoad } from './load.ts';
import { startCaller, startProxy } from './proxies.ts';

for (const source of ['file', 'sds'] as const) {
  test(`certificates by ${source} are renewed under load without a failed request`, async (t) => {
    const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
    const make = source === 'file' ? fileCredentials : socketCredentials;
    const { certificate, trust, around, renew } = await make(t, authority, ['caller', 'callee']);
    const named = (name: string) => ({ trust, subjectAlternativeNames: { match: { exact: [name] } } });
    const tls = {
      mode: 'STRICT' as const,
      certificate: certificate('callee'),
      validation: named('caller.local'),
    };
    const clientPolicy = { tls: { certificate: certificate('caller'), validation: named('callee.local') } };
    const services = { 'callee.local': 'callee', 'witness.local': 'witness' };
    const mesh = meshOf({
      nodes: {
        [caller]: {
          backends: Object.keys(services).map((virtualServiceName) => ({
            virtualService: { virtualServiceName, clientPolicy },
          })),
        },
        callee: called('http', { tls }),
        witness: called('http'),
      },
      services,
    });
    const app = await startHttpApplication(t, 'app');
    const witness = await startWitness(t, await issue(authority, 'callee'), authority.pem);
    const applications = { 8080: app.address };
    const inbound = await startProxy(t, mesh, { kind: 'node', name: 'callee' }, { ...around, applications });
    const outbound = await startCaller(t, mesh, {
      ...around,
      endpoints: { callee: [inbound.listeners], witness: [witness] },
    });
    const client = clientOf(await issue(authority, 'caller'));
    const pids = [inbound.pid, outbound.pid];

    const answers = await underLoad(
      () => outbound.call('callee.local'),
      async (settled) => {
        for (let round = 0; round < 3; round += 1) {
          const [shown, presented] = [await renew('callee'), await renew('caller')];
          await eventually(async () => assert.equal(await shownSerial(inbound.at(8080), client), shown));
          await eventually(async () => assert.equal((await outbound.call('witness.local')).body, presented));
          const until = settled.length + 25;
          await eventually(() => assert.ok(settled.length > until));
        }
      },
    );
    const outcomes = answers.map((answer) => (answer instanceof Error ? answer.message : answer.status));
    assert.deepEqual([...new Set(outcomes)], [200]);
    assert.equal(await outbound.statistic('cluster\\..*\\.upstream_rq_retry'), 0, 'and nothing was repeated');
    assert.deepEqual([inbound.pid, outbound.pid], pids);
  });
}
