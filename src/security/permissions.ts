import { includesRole, type Role } from '../kernel/roles.ts';

/** Methods a policy is written for. */
export const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A method of HTTP that routes may offer. */
export type Method = (typeof methods)[number];

/** What a method asks for: a role, or nothing at all. */
export type Requirement = Role | 'anyone';

/** A path and all below it, and what each method there asks for. */
export interface Permission {
  readonly path: string;
  readonly required: Readonly<Record<Method, Requirement>>;
}

/**
 * Who may do what: the one table, from which the authorizer's policies are written and which the services look into
 * once more. The most specific path counts; the last is for everything else.
 */
export const permissions: readonly Permission[] = [
  {
    path: '/api/v1/secure',
    required: {
      GET: 'reader',
      HEAD: 'reader',
      OPTIONS: 'reader',
      POST: 'editor',
      PUT: 'editor',
      PATCH: 'editor',
      DELETE: 'admin',
    },
  },
  {
    path: '/',
    required: {
      GET: 'anyone',
      HEAD: 'anyone',
      OPTIONS: 'anyone',
      POST: 'editor',
      PUT: 'editor',
      PATCH: 'editor',
      DELETE: 'admin',
    },
  },
];

/** What a call asks for; undefined of a method that no role may call. */
export function requirementOf(method: string, path: string): Requirement | undefined {
  const { required } = permissions.find((permission) => lies(path, permission.path)) ?? {};
  return required && Object.hasOwn(required, method) ? required[method as Method] : undefined;
}

/** Whether a caller may do something; without a role it is what anyone may. */
export function mayCall(role: Role | undefined, method: string, path: string): boolean {
  const required = requirementOf(method, path);
  return required !== undefined && fulfils(role, required);
}

/** Whether a role is enough for what is asked for. */
export function fulfils(role: Role | undefined, required: Requirement): boolean {
  return required === 'anyone' || (role !== undefined && includesRole(role, required));
}

function lies(path: string, parent: string): boolean {
  return (parent === '/' && path.startsWith('/')) || path === parent || path.startsWith(`${parent}/`);
}
