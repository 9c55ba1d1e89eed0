import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { told } from '../placeholders/documents.ts';
import { hostnameOf, nodeFoundAs, read } from './template.ts';

const parameters = `
Parameters:
  Domain: { Type: String, Default: shop.local }
  Names: { Type: CommaDelimitedList, Default: 'front, back' }
Mappings:
  Domains:
    eu: { name: eu.local, list: [one.local, two.local] }
Conditions:
  Small: !Equals [!Ref Domain, shop.local]
  Large: !Not [!Condition Small]
`;

describe('functions of a template are carried out', () => {
  const cases: Readonly<Record<string, readonly [written: string, means: string]>> = {
    'Ref of a parameter': ['!Ref Domain', 'shop.local'],
    'Ref in its long form': ['{ Ref: Domain }', 'shop.local'],
    'Ref of a pseudo parameter': ['!Ref AWS::URLSuffix', 'amazonaws.com'],
    'Fn::Sub of a text': [`!Sub 'a.\${Domain}'`, 'a.shop.local'],
    'Fn::Sub with a map': [`!Sub ['\${a}.\${Domain}', { a: !Ref AWS::Partition }]`, 'aws.shop.local'],
    'Fn::Sub with a literal': [`!Sub '\${!Domain}.\${Domain}'`, `\${Domain}.shop.local`],
    'Fn::Join': ["!Join ['.', [a, !Ref Domain]]", 'a.shop.local'],
    'Fn::Join of a list parameter': ["!Join ['.', !Ref Names]", 'front.back'],
    'Fn::Select of a list parameter': ['!Select [1, !Ref Names]', 'back'],
    'Fn::Select with an index as text': ["!Select ['0', [a, b]]", 'a'],
    'Fn::Split': ["!Select [1, !Split ['.', !Ref Domain]]", 'local'],
    'Fn::FindInMap': ['!FindInMap [Domains, eu, name]', 'eu.local'],
    'Fn::FindInMap of a list': ['!Select [1, !FindInMap [Domains, eu, list]]', 'two.local'],
    'Fn::FindInMap with a default': [
      "{ 'Fn::FindInMap': [Domains, us, name, { DefaultValue: !Ref Domain }] }",
      'shop.local',
    ],
    'Fn::If': ['!If [Small, small.local, large.local]', 'small.local'],
    'Fn::If the other way': ['!If [Large, large.local, small.local]', 'small.local'],
    'Fn::Base64': ['!Base64 shop', 'c2hvcA=='],
    'functions in functions': [`!Join ['', [!Select [0, !Split ['.', !Sub '\${Domain}']], -x]]`, 'shop-x'],
  };
  for (const [name, [written, means]] of Object.entries(cases)) {
    test(name, () => {
      const reading = read(nodeFoundAs(written, parameters));
      assert.deepEqual(reading.findings, []);
      assert.equal(hostnameOf(reading), means);
    });
  }
});

describe('what a function cannot be given is said with its line', () => {
  const cases: Readonly<Record<string, readonly [written: string, says: RegExp]>> = {
    'Ref of nothing': ['!Ref Nothing', /neither a parameter nor a resource/],
    'Fn::GetAtt of nothing': ['!GetAtt Nothing.Name', /no resource of that name/],
    'Fn::Sub of a list': [`!Sub 'a.\${Names}'`, /is a list or a map/],
    'Fn::Select beyond the end': ['!Select [2, !Ref Names]', /item 2 of 2/],
    'Fn::Join without a list': ["!Join ['.', a]", /a list of texts/],
    'Fn::Split without a delimiter': ["!Select [0, !Split ['', a]]", /a delimiter and a text/],
    'Fn::FindInMap of what is not there': [
      '!FindInMap [Domains, us, name]',
      /maps nothing at Domains, us, name/,
    ],
    'Fn::FindInMap of what every object has': ['!FindInMap [constructor, prototype, name]', /maps nothing/],
    'Fn::If of no condition': ['!If [Nothing, a, b]', /no condition Nothing/],
    'Fn::If without branches': ['!If [Small]', /a condition and two values/],
    'Fn::Transform': ['{ Fn::Transform: { Name: AWS::Include } }', /Fn::Transform cannot be resolved/],
    'a function nobody knows': ['!Nonsense x', /Fn::Nonsense cannot be resolved/],
  };
  for (const [name, [written, says]] of Object.entries(cases)) {
    test(name, () => {
      const [error, ...others] = told(read(nodeFoundAs(written, parameters)), 'error');
      assert.match(error ?? '', says);
      assert.match(error ?? '', /^[a-z-]+ template\.yaml:6 /);
      assert.deepEqual(others, []);
    });
  }
});

test('AWS::NoValue leaves nothing, in an object and in a list', () => {
  const { resources, findings } = read(`
Resources:
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: shop
      Spec:
        Logging: !Ref AWS::NoValue
        Backends: [!Ref AWS::NoValue, { VirtualService: { VirtualServiceName: back } }]
`);
  assert.deepEqual(findings, []);
  assert.deepEqual(resources[0]?.spec, { backends: [{ virtualService: { virtualServiceName: 'back' } }] });
});

test('a whole specification may depend on conditions', () => {
  const template = (state: string) => `
Parameters: { Tls: { Type: String, Default: '${state}', AllowedValues: [none, one-way, mutual] } }
Conditions:
  OneWay: !Equals [!Ref Tls, one-way]
  Mutual: !Equals [!Ref Tls, mutual]
  Any: !Or [!Condition OneWay, !Condition Mutual]
Resources:
  Gateway:
    Type: AWS::AppMesh::VirtualGateway
    Properties:
      MeshName: shop
      Spec:
        Fn::If:
          - Any
          - BackendDefaults: { ClientPolicy: { TLS: { Enforce: !If [Mutual, true, false] } } }
          - Listeners: [{ PortMapping: { Port: 80, Protocol: http } }]
`;
  const spec = (state: string) => read(template(state)).resources[0]?.spec;
  assert.deepEqual(spec('none'), { listeners: [{ portMapping: { port: 80, protocol: 'http' } }] });
  assert.deepEqual(spec('mutual'), { backendDefaults: { clientPolicy: { tls: { enforce: true } } } });
  assert.deepEqual(spec('one-way'), { backendDefaults: { clientPolicy: { tls: { enforce: false } } } });
});
