/** What a person may be; each role includes the ones before it. In the user pool a role is a group of that name. */
export const roles = ['reader', 'editor', 'admin'] as const;

/** A role of a person. */
export type Role = (typeof roles)[number];

/** Whether a text is a role. */
export function isRole(text: unknown): text is Role {
  return roles.some((role) => role === text);
}

/** Whether a role includes another. */
export function includesRole(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required);
}

/** The highest role among a person's groups (`cognito:groups`), or undefined when none is a role. */
export function roleOf(groups: unknown): Role | undefined {
  return Array.isArray(groups) ? roles.findLast((role) => groups.includes(role)) : undefined;
}
