import type { FastifyRequest } from 'fastify';
import { StrataError } from '../../src/kernel/errors.ts';
import { isRole, type Role } from '../../src/kernel/roles.ts';
import { mayCall, requirementOf } from '../../src/security/permissions.ts';

/** Who sent a request. The gateway verified it, and is the only one the mesh lets in. */
export interface Caller {
  readonly principal: string;
  readonly role: Role | undefined;
}

/** Who sent a request, from the fields the gateway sets after it removed any of that name. */
export function callerOf({ headers }: FastifyRequest): Caller {
  const { 'x-strata-principal': principal, 'x-strata-role': role } = headers;
  return {
    principal: typeof principal === 'string' ? principal : '',
    role: isRole(role) ? role : undefined,
  };
}

/**
 * Refuses a caller who may not do what a request asks for: the gateway's table once more, in depth.
 * @throws StrataError 'role-insufficient'
 */
export function requirePermission(request: FastifyRequest): void {
  const { method, routeOptions } = request;
  // The route's own path: what a client sends may name the same in another way.
  const path = routeOptions.url ?? '';
  if (mayCall(callerOf(request).role, method, path)) return;
  throw new StrataError('role-insufficient', { role: requirementOf(method, path) ?? 'admin' });
}
