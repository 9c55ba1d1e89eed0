/** The part of an entity tag that weak comparison looks at (RFC 9110, section 8.8.3.2). */
function opaque(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}

/** Whether a tag is a well-formed strong one. */
export function isStrong(tag: string | undefined): tag is string {
  return tag !== undefined && /^"[^"]*"$/.test(tag);
}

/** Whether two tags are the same weakly (RFC 9110, section 8.8.3.2). */
export function weaklyEqual(left: string, right: string): boolean {
  return opaque(left) === opaque(right);
}

/** Whether an If-Match field names a tag strongly, or any (RFC 9110, section 13.1.1). */
export function namesStrongTag(field: string, tag: string | undefined): boolean {
  if (field.trim() === '*') return true;
  const named: readonly string[] = field.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return isStrong(tag) && named.includes(tag);
}

/** Whether an If-None-Match field names a tag, or any (RFC 9110, section 13.1.2). */
export function namesTag(field: string, tag: string | undefined): boolean {
  const value = field.trim();
  if (value === '*') return true;
  if (tag === undefined) return false;
  if (weaklyEqual(value, tag)) return true;
  return (value.match(/(?:W\/)?"[^"]*"/g) ?? []).some((listed) => weaklyEqual(listed, tag));
}
