/** A caller's role: admin includes editor, editor includes reader. */
export type Role = 'reader' | 'editor' | 'admin';

/** Which methods each role may call: the one table, from which every policy is written. */
export const permissions = {
  /** No token, or one of no role: what a route offers where a token is optional. */
  anonymous: ['GET', 'HEAD', 'OPTIONS'],
  reader: ['GET', 'HEAD', 'OPTIONS'],
  editor: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH'],
  admin: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
} as const satisfies Record<Role | 'anonymous', readonly string[]>;

/** The highest role among a token's groups (`cognito:groups`), or undefined when none is a role. */
export function roleOf(groups: unknown): Role | undefined {
  if (!Array.isArray(groups)) return undefined;
  return (['admin', 'editor', 'reader'] as const).find((role) => groups.includes(role));
}
