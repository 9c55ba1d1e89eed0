import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  parseSpecification,
  type ResourceKind,
  specificationSchemas,
} from '../../../src/model/mesh/specification.ts';
import { valuesOf } from './arbitrary.ts';

const kinds = Object.keys(specificationSchemas) as ResourceKind[];

/** Paths and what is allowed there, of all mistakes of a document. */
function mistakes(kind: ResourceKind, document: unknown): Record<string, string> {
  const found = parseSpecification(kind, document).mistakes;
  return Object.fromEntries(found.map(({ mistake }) => [mistake.path, mistake.allowed]));
}

for (const kind of kinds) {
  describe(`a ${kind}`, () => {
    const documents = valuesOf(specificationSchemas[kind]);

    test('of any allowed form is read as it is', () => {
      fc.assert(
        fc.property(documents, (document) => {
          assert.deepEqual(parseSpecification(kind, document), { spec: document, mistakes: [] });
        }),
        { numRuns: 100 },
      );
    });

    test('with an unknown field anywhere is refused at its path', () => {
      fc.assert(
        fc.property(documents, fc.nat(), (document, choice) => {
          const copy = structuredClone(document);
          const objects = objectsIn(copy);
          const [at, object] = objects[choice % objects.length] ?? ['', {}];
          Object.assign(object, { nonsense: 1 });
          assert.equal(mistakes(kind, copy)[`${at}.nonsense`.replace(/^\./, '')], 'no such field');
        }),
        { numRuns: 100 },
      );
    });

    test('of nonsense is a list of mistakes, never an exception', () => {
      fc.assert(
        fc.property(fc.anything({ maxDepth: 4 }), (nonsense) => {
          const { spec, mistakes } = parseSpecification(kind, nonsense);
          assert.ok(spec !== undefined || mistakes.length > 0);
        }),
        { numRuns: 200 },
      );
    });
  });
}

/** Every object of a document with its path. */
function objectsIn(value: unknown, path = ''): [string, object][] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, item]) =>
    objectsIn(item, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`),
  );
  return Array.isArray(value) ? inside : [[path, value], ...inside];
}
