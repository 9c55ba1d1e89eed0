/** A condition on an entity's version from `If-Match` or `If-None-Match` (RFC 9110, section 13.1). */
export type VersionCondition = '*' | readonly EntityTag[];

/** An entity tag; `version` is undefined where the tag is none that this service gives. */
export interface EntityTag {
  readonly weak: boolean;
  readonly version: number | undefined;
}

/** The `ETag` of a version: strong, as the same version always has the same bytes. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

const item = /[ \t]*(?:(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"[ \t]*)?(,|$)/y;

/**
 * Reads `If-Match` or `If-None-Match`: `*` or a list of entity tags, empty items allowed (RFC 9110, sections 5.6.1
 * and 8.8.3). Undefined when it is malformed.
 */
export function parseVersionCondition(header: string): VersionCondition | undefined {
  if (header.trim() === '*') return '*';
  const tags: EntityTag[] = [];
  item.lastIndex = 0;
  for (;;) {
    const match = item.exec(header);
    if (!match) return undefined;
    const [, weak, opaque, end] = match;
    if (opaque !== undefined) tags.push({ weak: weak !== undefined, version: versionOf(opaque) });
    if (end === '') return tags.length > 0 ? tags : undefined;
  }
}

/** The versions that satisfy an `If-Match`: strong comparison, so weak tags never do (RFC 9110, section 13.1.1). */
export function strongVersions(tags: readonly EntityTag[]): number[] {
  return tags.flatMap(({ weak, version }) => (weak || version === undefined ? [] : [version]));
}

/** Whether an `If-None-Match` names a version: weak comparison (RFC 9110, section 13.1.2). */
export function namesVersion(condition: VersionCondition, version: number): boolean {
  return condition === '*' || condition.some((tag) => tag.version === version);
}

function versionOf(opaque: string): number | undefined {
  return /^[1-9]\d{0,15}$/.test(opaque) ? Number(opaque) : undefined;
}
