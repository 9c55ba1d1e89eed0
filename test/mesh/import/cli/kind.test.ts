import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindsOf } from '../../../../src/mesh/import/cli/kind.ts';

const portMapping = { port: 80, protocol: 'http' };
const listening = (more: object) => ({ listeners: [{ portMapping, ...more }] });
const httpRoute = (more: object) => ({ httpRoute: more });

test('a spec tells what it specifies, the likeliest first', () => {
  const cases: [unknown, string[]][] = [
    [{}, ['mesh', 'virtualService']],
    [{ egressFilter: { type: 'ALLOW_ALL' } }, ['mesh']],
    [{ serviceDiscovery: { ipPreference: 'IPv4_ONLY' } }, ['mesh']],
    [{ serviceDiscovery: { dns: { hostname: 'x' } } }, ['virtualNode']],
    [{ serviceDiscovery: { awsCloudMap: {}, ipPreference: 'IPv4_ONLY' } }, ['virtualNode']],
    [{ backends: [], ...listening({}) }, ['virtualNode']],
    [listening({ timeout: {} }), ['virtualNode']],
    [listening({ outlierDetection: {} }), ['virtualNode']],
    [listening({ tls: {} }), ['virtualGateway', 'virtualNode']],
    [listening({ healthCheck: {} }), ['virtualGateway', 'virtualNode']],
    [listening({ connectionPool: {} }), ['virtualGateway', 'virtualNode']],
    [{ logging: {}, ...listening({}) }, ['virtualGateway', 'virtualNode']],
    [{ backendDefaults: {} }, ['virtualNode', 'virtualGateway']],
    [listening({}), ['virtualRouter', 'virtualGateway', 'virtualNode']],
    [{ provider: {} }, ['virtualService']],
    [{ tcpRoute: {} }, ['route']],
    [httpRoute({ action: { weightedTargets: [] } }), ['route']],
    [httpRoute({ action: { target: {} } }), ['gatewayRoute']],
    [httpRoute({ action: { rewrite: {} } }), ['gatewayRoute']],
    [httpRoute({ retryPolicy: {} }), ['route']],
    [httpRoute({ timeout: {} }), ['route']],
    [httpRoute({ match: { hostname: {} } }), ['gatewayRoute']],
    [{ grpcRoute: { match: {} } }, ['route', 'gatewayRoute']],
    [{ http2Route: null }, ['route', 'gatewayRoute']],
    ['text', ['mesh', 'virtualService']],
  ];
  for (const [spec, kinds] of cases) assert.deepEqual(kindsOf(new Set(), spec), kinds, JSON.stringify(spec));
});

test('the names in a request tell what it is for before its spec does', () => {
  const kinds = (names: string[], spec: unknown) => kindsOf(new Set(['meshName', ...names]), spec);
  assert.deepEqual(kinds(['virtualNodeName'], listening({})), ['virtualNode']);
  assert.deepEqual(kinds(['virtualServiceName'], {}), ['virtualService']);
  assert.deepEqual(kinds(['virtualRouterName'], listening({})), ['virtualRouter']);
  assert.deepEqual(kinds(['virtualRouterName', 'routeName'], {}), ['route']);
  assert.deepEqual(kinds(['virtualRouterName'], { grpcRoute: {} }), ['route']);
  assert.deepEqual(kinds(['virtualGatewayName'], listening({})), ['virtualGateway']);
  assert.deepEqual(kinds(['virtualGatewayName', 'gatewayRouteName'], {}), ['gatewayRoute']);
  assert.deepEqual(kinds(['virtualGatewayName'], { grpcRoute: {} }), ['gatewayRoute']);
});
