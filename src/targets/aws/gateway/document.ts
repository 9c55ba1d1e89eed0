import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../../../model/plan.ts';

/** A JSON Schema (2020-12), as OpenAPI 3.1 has it. */
export type Schema = Readonly<Record<string, unknown>>;

/** What of an operation the API needs. */
export interface Operation {
  readonly parameters?: readonly {
    readonly in: 'path' | 'query' | 'header' | 'cookie';
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<Record<string, { readonly headers?: Readonly<Record<string, unknown>> }>>;
}

/** What of an OpenAPI document the API needs: operations by path, and by method in lower case. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/**
 * The OpenAPI document of each service that can print one: its folder has a `document.ts`, which describes its routes
 * and starts nothing. Services are programs, so it is run and not imported.
 * @param root the project's folder, absolute
 */
export function readDocuments(
  root: string,
  { compute, data }: Pick<Plan, 'compute' | 'data'>,
): Readonly<Record<string, OpenApiDocument>> {
  const documents: Record<string, OpenApiDocument> = {};
  for (const [service, { source }] of Object.entries(compute.services)) {
    const program = join(root, source, 'document.ts');
    if (!existsSync(program)) continue;
    const text = execFileSync(process.execPath, [program, String(data.maxAttributes)], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 16 * 1024 * 1024,
      timeout: 30_000,
    });
    documents[service] = JSON.parse(text) as OpenApiDocument;
  }
  return documents;
}
