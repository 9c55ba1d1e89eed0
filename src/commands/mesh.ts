import { Command } from 'commander';
import { meshImportCommand } from './mesh-import.ts';
import { meshValidateCommand } from './mesh-validate.ts';

/** `strata mesh`: App Mesh documents on plain Envoy. */
export function meshCommand(): Command {
  return new Command('mesh')
    .description('bring App Mesh documents to plain Envoy, or check the mesh of the blueprint')
    .addCommand(meshImportCommand())
    .addCommand(meshValidateCommand())
    .addHelpText('after', '\nExample:\n  strata mesh import documents/ --to envoy sidecars');
}
