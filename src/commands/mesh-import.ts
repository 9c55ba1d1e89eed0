import { Command, Option } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { importDocuments, type MeshImport } from '../mesh/import/import.ts';
import { type CompiledMesh, type ImportReport, importReport } from '../mesh/import/report.ts';
import { sidecarProxies } from '../mesh/import/sidecar/proxies.ts';
import { packages } from '../targets/local/engines/packages.ts';
import { UsageError } from './failure.ts';
import { writeBlueprint, writeSidecars } from './mesh-output.ts';
import { counted, reportText } from './mesh-report.ts';
import { readSources } from './mesh-sources.ts';

/** What the command line says beside the documents. */
interface ImportOptions {
  readonly parameter: ReadonlyMap<string, string>;
  readonly set: ReadonlyMap<string, string>;
  readonly mesh?: string;
  readonly to?: readonly string[];
  readonly live?: boolean;
  readonly allowPartial?: boolean;
  readonly json?: boolean;
}

/** `strata mesh import`: App Mesh documents to Envoy configurations, or to a blueprint. */
export function meshImportCommand(): Command {
  return new Command('import')
    .description('read App Mesh documents, say what they become, and write it')
    .argument('[path...]', 'files and folders: CloudFormation, AWS CLI specifications, Kubernetes resources')
    .addOption(setting('--parameter <name=value>', 'the value of a CloudFormation parameter'))
    .addOption(
      setting(
        '--set <name=value>',
        'the value of a placeholder such as $NAME; FILE:NAME=VALUE is for one file',
      ),
    )
    .option('--mesh <name>', 'of several meshes this one alone')
    .option(
      '--to <target...>',
      'envoy DIR: a bootstrap a proxy; blueprint [DIR]: a blueprint.ts that runs here',
    )
    .option('--live', 'with envoy: certificates and addresses in files that act when they are replaced')
    .option('--allow-partial', 'go on with what could be resolved')
    .option('--json', 'the report for machines')
    .addHelpText(
      'after',
      '\nExample:\n  strata mesh import mesh.yaml --parameter ProjectName=shop --to envoy sidecars',
    )
    .action(meshImport);
}

function setting(flags: string, description: string): Option {
  return new Option(flags, description)
    .default(new Map(), 'none')
    .argParser((text: string, known: ReadonlyMap<string, string>) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageError(`'${text}' is not of the form NAME=VALUE`);
      return new Map([...known, [text.slice(0, at), text.slice(at + 1)]]);
    });
}

async function meshImport(words: string[], options: ImportOptions): Promise<void> {
  const { kind, folder, paths } = targetOf(options.to ?? [], words);
  if (paths.length === 0) throw new UsageError("missing argument 'path': files and folders to read");
  const { sources, findings } = readSources(paths);
  const all = importDocuments(sources, new Map([...options.parameter, ...options.set]));
  const imported = chosen({ ...all, findings: [...findings, ...all.findings] }, options.mesh);
  const { workloads } = imported;
  const settings = { envoyVersion: packages.envoy.version, live: options.live === true, workloads };
  const meshes = imported.meshes.map(
    (mesh): CompiledMesh => ({ mesh, ...sidecarProxies(mesh.resources, settings) }),
  );
  const report = importReport(imported, meshes);
  // Without a folder the blueprint itself goes to the standard output.
  tell(report, options, kind === 'blueprint' && folder === undefined ? process.stderr : process.stdout);
  refuse(report, options);
  if (kind === 'envoy') await writeSidecars(folder, meshes);
  if (kind === 'blueprint') writeBlueprint(folder, imported.meshes);
}

/** What `--to` asks for. Words that are no part of it are paths, wherever they stand. */
function targetOf([kind, ...words]: readonly string[], paths: readonly string[]) {
  if (kind === undefined) return { kind, folder: undefined, paths };
  if (kind === 'envoy') {
    const [folder, ...others] = words;
    if (folder === undefined) throw new UsageError("option '--to envoy DIR' needs a folder");
    return { kind, folder, paths: [...paths, ...others] } as const;
  }
  if (kind !== 'blueprint') throw new UsageError(`option '--to' takes envoy or blueprint, not '${kind}'`);
  if (paths.length === 0 && words.length === 1) return { kind, folder: undefined, paths: words } as const;
  const [folder, ...others] = words;
  return { kind, folder, paths: [...paths, ...others] } as const;
}

function chosen(imported: MeshImport, name: string | undefined): MeshImport {
  if (name === undefined) return imported;
  const meshes = imported.meshes.filter((mesh) => mesh.name === name);
  const names = imported.meshes.map((mesh) => mesh.name).join(', ') || 'none';
  if (meshes.length === 0) throw new StrataError('mesh-unknown', { name, names });
  return { ...imported, meshes };
}

function tell(report: ImportReport, { json }: ImportOptions, stream: NodeJS.WriteStream): void {
  stream.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : `${reportText(report, stream)}\n`);
}

/** @throws StrataError mesh-unresolved | mesh-empty */
function refuse({ unresolved, meshes, files }: ImportReport, { allowPartial }: ImportOptions): void {
  if (unresolved.length > 0 && !allowPartial) {
    throw new StrataError('mesh-unresolved', { count: counted(unresolved.length, 'thing') });
  }
  if (meshes.length === 0) throw new StrataError('mesh-empty', { count: counted(files, 'file') });
}
