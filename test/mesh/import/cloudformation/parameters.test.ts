import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../placeholders/documents.ts';
import { hostnameOf, nodeFoundAs, read, readAll } from './template.ts';

test('a value that is given goes before the default', () => {
  const template = nodeFoundAs('!Ref Domain', 'Parameters: { Domain: { Type: String, Default: a.local } }');
  assert.equal(hostnameOf(read(template)), 'a.local');
  assert.equal(hostnameOf(read(template, { Domain: 'b.local' })), 'b.local');
});

test('a value may be given for one file', () => {
  const template = nodeFoundAs('!Ref Domain', 'Parameters: { Domain: { Type: String } }');
  const files = { 'a/one.yaml': template, 'a/two.yaml': template };
  const { resources, findings, used } = readAll(files, {
    Domain: 'all.local',
    'two.yaml:Domain': 'two.local',
  });
  assert.deepEqual(findings, []);
  assert.match(JSON.stringify(resources[0]?.spec), /all\.local/);
  assert.match(JSON.stringify(resources[1]?.spec), /two\.local/);
  assert.deepEqual([...used], ['Domain', 'two.yaml:Domain']);
});

test('a parameter without a value is one error with its lines, its path and what to give', () => {
  const reading = read(`
Parameters: { Project: { Type: String } }
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: { MeshName: !Ref Project }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualNodeName: !Sub '\${Project}-node'
      Spec: {}
`);
  const [error, ...others] = reading.findings;
  assert.deepEqual(others, []);
  assert.deepEqual(error, {
    severity: 'error',
    code: 'parameter-unresolved',
    message: 'the parameter Project has no default (also on line 11)',
    origin: { file: 'template.yaml', line: 6, path: 'Resources.Mesh.Properties.MeshName.Ref' },
    remedy: 'Give --parameter Project=VALUE.',
  });
  assert.deepEqual(
    reading.resources.map(({ name, mesh }) => `${mesh}/${name}`),
    ['project/project', 'project/project-node'],
  );
});

test('pseudo parameters that a deployment decides are asked for', () => {
  const template = nodeFoundAs(`!Sub 'a.\${AWS::StackName}.\${AWS::Region}'`);
  assert.deepEqual(told(read(template), 'error'), [
    'parameter-unresolved template.yaml:6 AWS::StackName is known only to its deployment',
    'parameter-unresolved template.yaml:6 AWS::Region is known only to its deployment',
  ]);
  const given = read(template, { 'AWS::StackName': 'stack', 'AWS::Region': 'eu-west-1' });
  assert.equal(hostnameOf(given), 'a.stack.eu-west-1');
});

test('what is in the parameter store is asked for', () => {
  const parameters =
    "Parameters: { Domain: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /domain } }";
  const template = nodeFoundAs('!Ref Domain', parameters);
  assert.match(told(read(template), 'error')[0] ?? '', /is read from the parameter store/);
  assert.equal(hostnameOf(read(template, { Domain: 'a.local' })), 'a.local');
  const dynamic = nodeFoundAs("'a.{{resolve:ssm:/domain:1}}'");
  const [finding] = read(dynamic).findings;
  assert.equal(finding?.remedy, 'Give --parameter resolve:ssm:/domain:1=VALUE.');
  assert.equal(hostnameOf(read(dynamic, { 'resolve:ssm:/domain:1': 'local' })), 'a.local');
});

test('a value that the template does not allow is refused', () => {
  const parameters = 'Parameters: { Domain: { Type: String, Default: a, AllowedValues: [a, b] } }';
  const reading = read(nodeFoundAs('!Ref Domain', parameters), { Domain: 'c' });
  assert.deepEqual(told(reading, 'error'), [
    "parameter-invalid template.yaml:7 the parameter Domain was given as 'c', and may be a, b",
  ]);
});

test('a condition that does not need a value does not ask for it', () => {
  const sections = `
Parameters: { Stage: { Type: String }, Domain: { Type: String, Default: a } }
Conditions:
  IsA: !Equals [!Ref Domain, a]
  IsProduction: !Equals [!Ref Stage, production]
  Either: !Or [!Condition IsProduction, !Condition IsA]
  Both: !And [!Condition IsA, !Condition IsProduction]
`;
  const either = read(nodeFoundAs('!If [Either, yes.local, no.local]', sections));
  assert.deepEqual(either.findings, []);
  assert.equal(hostnameOf(either), 'yes.local');
  const both = read(nodeFoundAs('!If [Both, yes.local, no.local]', sections));
  assert.deepEqual(told(both, 'error').length, 1);
  assert.match(told(both, 'error')[0] ?? '', /the parameter Stage has no default/);
});
