import { z } from 'zod';
import { count } from './scalars.ts';

/** A name of the platform: of a service, a node, a route. */
export const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'a name of letters, digits and hyphens, at most 64');
/** A DNS host name (RFC 1123, section 2.1). */
export const hostname = z
  .string()
  .regex(
    /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    'a host name',
  );
/** A TCP port. */
export const port = count({ min: 1, max: 65_535 });
/** A folder of the project, relative to its root. */
export const folder = z
  .string()
  .regex(/^\.\/[\w./-]+$/, "a folder of the project, such as './services/entities'");
/** The path of a URL, with the braces of a template. */
export const path = z.string().regex(/^\/[\w\-./{}+]*$/, "a path that starts with '/'");
