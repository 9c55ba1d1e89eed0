const ranks = { reader: 1, editor: 2, admin: 3 } as const;

/** What one may do; each role includes those before it. The platform enforces it, the pages only offer what fits. */
export type Role = keyof typeof ranks;

/** Whether a role includes another. */
export function roleIncludes(role: Role, other: Role): boolean {
  return ranks[role] >= ranks[other];
}
