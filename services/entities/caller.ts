import type { FastifyRequest } from 'fastify';
import { StrataError } from '../../src/kernel/errors.ts';

/** Roles by what they include: admin ⊃ editor ⊃ reader. */
const ranks = { reader: 1, editor: 2, admin: 3 } as const;

/** A role a caller may have. */
export type Role = keyof typeof ranks;

/** Who sent a request. The gateway verified it, and is the only one the mesh lets in. */
export interface Caller {
  readonly principal: string;
  readonly role: Role | undefined;
}

/** The role each method of the protected resource asks for: the gateway's table once more, in depth. */
export const requiredRoles = {
  GET: 'reader',
  POST: 'editor',
  PUT: 'editor',
  PATCH: 'editor',
  DELETE: 'admin',
} as const;

/** Who sent a request, from the fields the gateway sets after it removed any of that name. */
export function callerOf({ headers }: FastifyRequest): Caller {
  const { 'x-strata-principal': principal, 'x-strata-role': role } = headers;
  return {
    principal: typeof principal === 'string' ? principal : '',
    role: typeof role === 'string' && Object.hasOwn(ranks, role) ? (role as Role) : undefined,
  };
}

/**
 * Refuses a caller whose role does not include the one that is asked for.
 * @throws StrataError 'role-insufficient'
 */
export function requireRole({ role }: Caller, required: Role): void {
  if (role === undefined || ranks[role] < ranks[required])
    throw new StrataError('role-insufficient', { role: required });
}
