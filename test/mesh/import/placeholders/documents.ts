import assert from 'node:assert/strict';
import type { Finding } from '../../../../src/mesh/import/found-resource.ts';
import { readSource, type SourceDocument } from '../../../../src/mesh/import/source.ts';

/** The documents of some files, given as text by file name; every file must be readable. */
export function documentsOf(files: Readonly<Record<string, string>>): SourceDocument[] {
  return Object.entries(files).flatMap(([file, text]) => {
    const { documents, findings } = readSource({ file, text });
    assert.deepEqual(findings, []);
    return [...documents];
  });
}

/** The findings of a severity as a person would quote them: code, place, message. */
export function told(
  { findings }: { readonly findings: readonly Finding[] },
  severity: Finding['severity'],
): string[] {
  return findings
    .filter((finding) => finding.severity === severity)
    .map(({ code, origin, message }) => `${code} ${origin.file}:${origin.line} ${message}`);
}
