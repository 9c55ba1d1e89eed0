import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { acquire } from '../../src/targets/local/engines/acquisition.ts';
import { enginesFolder } from '../engines.ts';
import { createProject, type Project } from '../system/project.ts';

const run = promisify(execFile);

const template = `
Parameters: { Project: { Type: String } }
Resources:
  Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !Ref Project } }
  Front:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualNodeName: front
      Spec:
        ServiceDiscovery: { DNS: { Hostname: front.local } }
        Listeners:
          - PortMapping: { Port: 8080, Protocol: http }
            TLS: { Mode: STRICT, Certificate: { File: { CertificateChain: /keys/chain.pem, PrivateKey: /keys/key.pem } } }
        Backends: [{ VirtualService: { VirtualServiceName: back.local } }]
        Logging: { AccessLog: { File: { Path: /var/log/nowhere/access.log } } }
  Back:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualNodeName: back
      Spec:
        ServiceDiscovery: { DNS: { Hostname: back.local } }
        Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }]
  Service:
    Type: AWS::AppMesh::VirtualService
    Properties:
      MeshName: !GetAtt Mesh.MeshName
      VirtualServiceName: back.local
      Spec: { Provider: { VirtualNode: { VirtualNodeName: !GetAtt Back.VirtualNodeName } } }
`;

describe('strata mesh', () => {
  let project: Project;
  let folder: string;
  const cleanups: (() => Promise<void>)[] = [];
  before(async () => {
    project = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    folder = join(project.folder, 'documents');
    await mkdir(folder);
    await writeFile(join(folder, 'mesh.yaml'), template);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  const imports = (...words: string[]) => project.strata('mesh', 'import', ...words);

  test('what is not resolved is said with place and remedy, nothing is written, and the exit code is 1', async () => {
    const out = join(project.folder, 'refused');
    const { code, stdout, stderr } = await imports(folder, '--to', 'envoy', out);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /✗ \S+mesh\.yaml:4 {2}the parameter Project has no default\n {4}Give --parameter Project=VALUE\./,
    );
    assert.match(stderr, /^✗ mesh: 1 thing could not be resolved\. .*nothing was written\.\n$/);
    await assert.rejects(readdir(out));
  });

  test('each bootstrap is accepted by Envoy, with the files it names in their place', async (t) => {
    const out = join(project.folder, 'sidecars');
    const { code, stdout, stderr } = await imports(
      folder,
      '--parameter',
      'Project=shop',
      '--to',
      'envoy',
      out,
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /mesh shop: 1 mesh, 2 virtual nodes, 1 virtual service; 2 proxies/);
    assert.match(stdout, /virtual node +front +→ a sidecar on 8080 \(http, TLS strict\); calls back\.local/);
    assert.match(stderr, /2 proxies, each accepted by Envoy/);
    const { envoy } = await acquire('envoy', { enginesFolder });
    for (const name of ['node-front', 'node-back']) {
      await t.test(name, async () => {
        const path = join(out, 'shop', name, 'bootstrap.json');
        const bootstrap = await readFile(path, 'utf8');
        if (name === 'node-back') {
          const words = ['--mode', 'validate', '--config-path', path, '--disable-hot-restart'];
          assert.match((await run(envoy, words)).stdout, /OK/);
        } else {
          assert.match(bootstrap, /"filename": "\/keys\/chain\.pem"/);
        }
      });
    }
  });

  test('a folder of its own is brought up to date, one that holds anything else is left alone', async () => {
    const out = join(project.folder, 'again');
    const words = [folder, '--to', 'envoy', out, '--parameter'];
    assert.equal((await imports(...words, 'Project=one')).code, 0);
    assert.equal((await imports(...words, 'Project=two')).code, 0);
    assert.deepEqual((await readdir(out)).sort(), ['README.md', 'strata-mesh.json', 'two']);
    await writeFile(join(out, 'notes.txt'), 'mine');
    const { code, stderr } = await imports(...words, 'Project=three');
    assert.equal(code, 1);
    assert.match(stderr, /✗ mesh: \S+again holds notes\.txt, which this command did not write\. /);
    assert.equal(await readFile(join(out, 'notes.txt'), 'utf8'), 'mine');
    assert.deepEqual(
      (await readdir(project.folder)).filter((name) => name.includes('again')),
      ['again'],
    );
    const file = await imports(
      folder,
      '--to',
      'envoy',
      join(folder, 'mesh.yaml'),
      '--parameter',
      'Project=x',
    );
    assert.match(file.stderr, /mesh\.yaml holds mesh\.yaml, which this command did not write/);
  });

  test('the report is there for machines', async () => {
    const { code, stdout } = await imports(folder, '--json');
    assert.equal(code, 1);
    const report = JSON.parse(stdout);
    assert.equal(report.files, 1);
    assert.deepEqual(report.documents, { cloudformation: 1, cli: 0, kubernetes: 0, other: 0 });
    assert.deepEqual(report.meshes[0].resources, { mesh: 1, virtualNode: 2, virtualService: 1 });
    assert.deepEqual(report.unresolved, [
      {
        code: 'parameter-unresolved',
        message: 'the parameter Project has no default',
        file: join(folder, 'mesh.yaml'),
        line: 4,
        path: 'Resources.Mesh.Properties.MeshName.Ref',
        remedy: 'Give --parameter Project=VALUE.',
      },
    ]);
    assert.ok(report.differences.some(({ code: own }: { code: string }) => own === 'no-interception'));
  });

  test('with --allow-partial the rest is written', async () => {
    const out = join(project.folder, 'partial');
    const { code, stdout } = await imports(folder, '--allow-partial', '--to', 'envoy', out);
    assert.equal(code, 0);
    assert.match(stdout, /1 could not be resolved/);
    assert.ok((await readdir(join(out, 'project'))).includes('node-front'));
  });

  test('a blueprint of the documents can be planned in its place', async () => {
    const { code, stdout, stderr } = await imports(
      folder,
      '--parameter',
      'Project=shop',
      '--to',
      'blueprint',
    );
    assert.equal(code, 0, stderr);
    const other = await createProject({ after: (cleanup) => cleanups.push(cleanup) });
    await writeFile(join(other.folder, 'blueprint.ts'), stdout);
    const planned = await other.strata('plan');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /front .*\.\/services\/echo/);
    const out = join(project.folder, 'platform');
    assert.equal((await imports(folder, '--parameter', 'Project=shop', '--to', 'blueprint', out)).code, 0);
    assert.equal(await readFile(join(out, 'blueprint.ts'), 'utf8'), stdout);
    assert.match(await readFile(join(out, 'services/echo/main.ts'), 'utf8'), /SERVICE_NAME/);
  });

  test('of several meshes one is chosen', async () => {
    const several = join(project.folder, 'several');
    await mkdir(several);
    for (const name of ['a', 'b']) {
      const text = `Resources: { Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: ${name} } } }`;
      await writeFile(join(several, `${name}.yaml`), text);
    }
    const both = await imports(several, '--to', 'blueprint');
    assert.equal(both.code, 1);
    assert.match(both.stderr, /several meshes \(a, b\)/);
    assert.equal((await imports(several, '--mesh', 'b', '--to', 'blueprint')).code, 0);
    const none = await imports(several, '--mesh', 'c');
    assert.match(none.stderr, /no mesh c; there is a, b/);
  });

  test('files that cannot be read, and folders that lead back to themselves, are no trouble', async () => {
    const strange = join(project.folder, 'strange');
    await mkdir(join(strange, 'node_modules'), { recursive: true });
    await symlink(strange, join(strange, 'loop'));
    await symlink(join(strange, 'nothing'), join(strange, 'dangling.yaml'));
    await writeFile(
      join(strange, 'mesh.yaml'),
      'Resources: { Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: a } } }',
    );
    await writeFile(join(strange, 'chart.yaml'), '{{- if .Values.x }}\nname: {{ .Values.y }}\n{{- end }}');
    await writeFile(join(strange, 'binary.json'), Buffer.from([0xff, 0xfe, 0, 1]));
    await writeFile(join(strange, 'huge.json'), Buffer.alloc(2 * 1024 * 1024, 'x'));
    await writeFile(join(strange, 'node_modules', 'other.yaml'), 'kind: [ # AppMesh');
    const { code, stdout } = await imports(strange);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /mesh a: 1 mesh/);
    const missing = await imports(join(strange, 'nothing.yaml'));
    assert.equal(missing.code, 1);
    assert.match(missing.stdout, /nothing\.yaml:1 {2}this cannot be read \(ENOENT\)/);
    const named = await imports(join(strange, 'binary.json'));
    assert.equal(named.code, 1);
    assert.match(named.stdout, /binary\.json:1 {2}the file holds binary data/);
  });

  test('documents without anything of App Mesh are said to be that', async () => {
    const { code, stderr } = await imports(join(project.folder, 'package.json'));
    assert.equal(code, 1);
    assert.match(stderr, /^✗ mesh: nothing of App Mesh in 1 file\. /);
  });

  test('wrong usage is exit code 2', async () => {
    for (const words of [
      [],
      [folder, '--to', 'envoy'],
      [folder, '--to', 'nothing', 'x'],
      [folder, '--set', 'x'],
      [folder, '--nonsense'],
    ]) {
      const { code, stdout, stderr } = await imports(...words);
      assert.equal(code, 2, words.join(' '));
      assert.equal(stdout, '');
      assert.match(stderr, /^✗ strata: .*\. See strata help\.\n$/);
    }
  });

  test("validate lets Envoy judge every proxy of the project's blueprint", async () => {
    const { code, stdout, stderr } = await project.strata('mesh', 'validate');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /mesh cloud-native-mesh: 3 proxies, each accepted by Envoy/);
  });
});
