import type { BlueprintDocument } from './document.ts';

/**
 * Types a blueprint document as it is written; changes nothing.
 * `plan` (plan.ts) parses, validates and resolves it.
 */
export function blueprint(document: BlueprintDocument): BlueprintDocument {
  return document;
}
