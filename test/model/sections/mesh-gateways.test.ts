import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expanded, listener, section } from './expanded.ts';

describe('who answers to a name, and what leads there', () => {
  test('virtual services are those said, those routers name, and one for a node a gateway leads to', () => {
    const provider = { provider: { virtualNode: { virtualNodeName: 'a' } } };
    const router = { listener, virtualService: 'r.local', routes: [] };
    const { virtualServices } = expanded(
      section({ services: { 'x.local': { router: 'r' }, 'none.local': {} }, routers: { r: router } }),
    ).resources;
    assert.deepEqual(virtualServices, {
      'x.local': { provider: { virtualRouter: { virtualRouterName: 'r' } } },
      'none.local': {},
      'r.local': { provider: { virtualRouter: { virtualRouterName: 'r' } } },
      'a.local': provider,
    });
    const own = expanded(section({ services: { 'own.local': { node: 'a' } } })).resources;
    assert.deepEqual(own.virtualServices, { 'own.local': provider });
    const taken = expanded(section({ routers: { r: { ...router, virtualService: 'a.local' } } })).resources;
    assert.deepEqual(taken.virtualServices['a.a.local'], provider);
    assert.equal(
      taken.virtualGateways.ingress?.gatewayRoutes.a?.httpRoute?.action.target.virtualService
        .virtualServiceName,
      'a.a.local',
    );
  });

  test('straight to a node nothing is rewritten; to a virtual service what App Mesh rewrites, and what is said', () => {
    const target = { virtualService: { virtualServiceName: 'a.local' } };
    const { gatewayRoutes } =
      expanded(
        section(
          {},
          {},
          {
            listeners: [listener, { port: 90, protocol: 'grpc' }],
            listener: undefined,
            routes: [
              { prefix: '/', node: 'a' },
              { match: { path: { exact: '/x' } }, node: 'a', rewrite: { path: { exact: '/y' } } },
              { name: 'service', prefix: '/s/', service: 'a.local', port: 8080 },
              { match: { port: 90, hostname: { suffix: '.example' } }, node: 'a', priority: 1 },
            ],
          },
        ),
      ).resources.virtualGateways.ingress ?? {};
    const hostname = { defaultTargetHostname: 'DISABLED' };
    assert.deepEqual(gatewayRoutes, {
      a: {
        httpRoute: {
          match: { prefix: '/' },
          action: { target, rewrite: { hostname, prefix: { defaultPrefix: 'DISABLED' } } },
        },
      },
      'a-2': {
        httpRoute: {
          match: { path: { exact: '/x' } },
          action: { target, rewrite: { hostname, path: { exact: '/y' } } },
        },
      },
      service: { httpRoute: { match: { prefix: '/s/' }, action: { target: { ...target, port: 8080 } } } },
      'a-3': {
        priority: 1,
        grpcRoute: {
          match: { port: 90, hostname: { suffix: '.example' } },
          action: { target, rewrite: { hostname } },
        },
      },
    });
  });
});
