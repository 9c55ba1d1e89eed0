type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Applies a JSON merge patch (RFC 7396, section 2): members of the patch replace those of the target, object into
 * object, and null removes a member. Neither argument is changed.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  return isObject(patch) ? mergeObject(target, patch) : patch;
}

/** The same for a patch that is an object, of which the result always is one. */
export function mergeObject(target: unknown, patch: JsonObject): JsonObject {
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) members.delete(key);
    else members.set(key, mergePatch(members.get(key), value));
  }
  return Object.fromEntries(members);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
