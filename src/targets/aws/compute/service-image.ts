import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Plan } from '../../../model/plan.ts';
import type { Deployment } from '../layer.ts';
import { databaseAuthorities } from '../relational.ts';
import { databaseAuthoritiesOf } from './database-authorities.ts';
import { packagesOf } from './service-packages.ts';
import { sourcesOf } from './service-sources.ts';

/** The platform's own programs beside the services: what keeps a certificate fresh, and what migrates the database. */
const companions = { certificates: 'services/certificates', migration: 'services/migration' } as const;

/** What programs read beside what they import. */
const readFolders = ['src/data/relational/migrations'];

/** The program of a service's folder, or of one of the platform's own, as the image's Node.js is told. */
export function programOf(source: string): string {
  return `${source.replace(/^\.\//, '')}/main.ts`;
}

/** The program of one of the platform's own. */
export function companionProgram(name: keyof typeof companions): string {
  return programOf(companions[name]);
}

/**
 * Lays out what the image of the services is built from: their sources and what those import, a lock file of their
 * packages, and whom to trust as the database. @returns the folder
 */
export function serviceImageContext({ app, root }: Deployment, plan: Plan): string {
  const folder = join(app.outdir, 'images', 'service');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const copy = (path: string) => cpSync(join(root, path), join(folder, path), { recursive: true });

  const services = [...new Set(Object.values(plan.compute.services).map(({ source }) => source))];
  const programs = [...services, ...Object.values(companions)].map(programOf);
  const { files, packages } = sourcesOf(root, programs);
  for (const path of [...files, ...services, ...readFolders]) copy(path);
  cpSync(join(root, 'images/service/Dockerfile'), join(folder, 'Dockerfile'));
  for (const [name, content] of Object.entries(packagesOf(packages, root))) {
    writeFileSync(join(folder, name), `${JSON.stringify(content, undefined, 2)}\n`);
  }
  const authorities = join(folder, basename(dirname(databaseAuthorities)));
  mkdirSync(authorities);
  const known = databaseAuthoritiesOf(plan.region).join('\n');
  writeFileSync(join(authorities, basename(databaseAuthorities)), known);
  return folder;
}
