import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGrpcApplication } from './applications/grpc.ts';
import { type Call, grpcClient } from './clients/grpc.ts';
import { called, meshOf, type RouteSpec, to } from './definition.ts';
import { startCaller } from './proxies.ts';
import { expectKinds, meshOfKinds, type RouteKind } from './route-kinds.ts';

type Match = NonNullable<RouteSpec['grpcRoute']>['match'];
type Question = Omit<Call, 'authority'>;
type Kind = RouteKind<Match, Question>;

const echo = 'strata.test.Echo';
const mirror = 'strata.test.Mirror';
/** Another method of the same service. */
const whisper: Question = { method: 'Whisper' };
const tenant = (value?: string): Question => (value === undefined ? {} : { metadata: { tenant: value } });

/** A condition on metadata, and which values of it match; none stands for a call without it. */
const metadataKinds = [
  { title: 'is there', match: undefined, matching: ['any'], others: [undefined] },
  { title: 'is exactly a text', match: { exact: 'a' }, matching: ['a'], others: ['ab', undefined] },
  { title: 'starts with a text', match: { prefix: 'a' }, matching: ['a', 'ab'], others: ['ba', undefined] },
  { title: 'ends with a text', match: { suffix: 'a' }, matching: ['a', 'ba'], others: ['ab', undefined] },
  {
    title: 'is matched by an expression',
    match: { regex: '[ab]' },
    matching: ['a', 'b'],
    others: ['ab', undefined],
  },
  {
    title: 'is a number in a range, its end left out',
    match: { range: { start: 1, end: 5 } },
    matching: ['1', '4'],
    others: ['0', '5', undefined],
  },
];

/** Inverted, a condition on a value asks for metadata with another one; where there is none, nothing is matched. */
function inverted(
  match: object | undefined,
  matching: readonly string[],
  others: readonly (string | undefined)[],
) {
  const [values, absent] = [others.filter((value) => value !== undefined), [undefined]];
  return match
    ? { matching: values.map(tenant), others: [...matching, ...absent].map(tenant) }
    : { matching: absent.map(tenant), others: matching.map(tenant) };
}

const kinds: readonly Kind[] = [
  {
    title: 'a service',
    match: { serviceName: mirror },
    matching: [{ service: mirror }],
    others: [{ service: echo }, whisper],
  },
  {
    title: 'a method of a service',
    match: { serviceName: echo, methodName: 'Whisper' },
    matching: [whisper],
    others: [{ service: echo }, { service: mirror }],
  },
  ...metadataKinds.flatMap(({ title, match, matching, others }): Kind[] => {
    const metadata = (invert: boolean): Match => ({
      metadata: [{ name: 'tenant', invert, ...(match ? { match } : {}) }],
    });
    return [
      {
        title: `metadata that ${title}`,
        match: metadata(false),
        matching: matching.map(tenant),
        others: others.map(tenant),
      },
      {
        title: `metadata unless it ${title}`,
        match: metadata(true),
        ...inverted(match, matching, others),
      },
    ];
  }),
];

test('a gRPC route matches by', async (t) => {
  const mesh = meshOfKinds('grpc', kinds, {});
  const matched = await startGrpcApplication(t, 'matched');
  const other = await startGrpcApplication(t, 'other');
  const endpoints = { matched: [matched.address], other: [other.address] };
  const proxy = await startCaller(t, mesh, { endpoints });
  const call = grpcClient(t, proxy.egress);
  await expectKinds(t, kinds, async (authority, question) => {
    const { messages, details } = await call({ ...question, authority });
    return String(messages[0]?.text ?? details).replace(': hello', '');
  });
});

test('gRPC routes are tried by priority, also when a later one says more', async (t) => {
  const [first, second] = [await startGrpcApplication(t, 'first'), await startGrpcApplication(t, 'second')];
  const mesh = meshOf({
    nodes: { first: called('grpc'), second: called('grpc') },
    services: {
      'ranked.local': {
        method: {
          priority: 2,
          grpcRoute: { match: { serviceName: echo, methodName: 'Say' }, action: to({ second: 1 }) },
        },
        service: { priority: 1, grpcRoute: { match: { serviceName: echo }, action: to({ first: 1 }) } },
      },
    },
  });
  const endpoints = { first: [first.address], second: [second.address] };
  const proxy = await startCaller(t, mesh, { endpoints });
  const { messages } = await grpcClient(t, proxy.egress)({ authority: 'ranked.local' });
  assert.deepEqual(messages, [{ text: 'first: hello' }]);
});
