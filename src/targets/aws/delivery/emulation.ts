import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { emulatedTemplate, type StackTemplate } from './emulated-template.ts';
import unmodelled from './unmodelled-types.json' with { type: 'json' };

/** What an emulator is given of the platform. */
export interface Emulation {
  readonly assembly: CloudAssembly;
  /** How many resources of which type it is not given, because it does not model them. */
  readonly leftOut: ReadonlyMap<string, number>;
}

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
  readonly dockerImages?: unknown;
}

/**
 * Takes out of an assembly, in its folder, what an emulator does not model: resource types by a list that a test keeps
 * true, and images, because it has no registry to push them to.
 */
export function emulate({ directory, stacks }: CloudAssembly): Emulation {
  const types = new Set(unmodelled);
  // Custom resources run a function; an emulator has nothing to run one in.
  const isModelled = (type: string) => !types.has(type) && !type.startsWith('Custom::');
  const leftOut = new Map<string, number>();
  const exported = new Set<string>();
  const manifestFile = join(directory, 'manifest.json');
  let manifest = readFileSync(manifestFile, 'utf8');
  for (const { id, template, templateFile, templateFullPath } of stacks) {
    const whole = template as StackTemplate;
    for (const { Type } of Object.values(whole.Resources)) {
      if (!isModelled(Type)) leftOut.set(Type, (leftOut.get(Type) ?? 0) + 1);
    }
    const part = emulatedTemplate(whole, isModelled, exported);
    for (const name of exportsOf(part)) exported.add(name);
    const text = JSON.stringify(part, undefined, 1);
    writeFileSync(templateFullPath, text);

    // A template is uploaded under the hash of its content: another content is another name.
    const assetsFile = join(directory, `${id}.assets.json`);
    const { dockerImages: _, ...assets }: AssetManifest = JSON.parse(readFileSync(assetsFile, 'utf8'));
    const [before = ''] =
      Object.entries(assets.files).find(([, { source }]) => source.path === templateFile) ?? [];
    const after = createHash('sha256').update(text).digest('hex');
    writeFileSync(assetsFile, JSON.stringify(assets, undefined, 1).replaceAll(before, after));
    manifest = manifest.replaceAll(before, after);
  }
  writeFileSync(manifestFile, manifest);
  return { assembly: new CloudAssembly(directory), leftOut };
}

/** Names under which a stack tells others its values; one without resources is not made. */
function exportsOf({ Resources, Outputs = {} }: StackTemplate): string[] {
  if (Object.keys(Resources).length === 0) return [];
  const outputs = Object.values(Outputs as Record<string, { readonly Export?: { readonly Name: string } }>);
  return outputs.flatMap(({ Export }) => Export?.Name ?? []);
}
