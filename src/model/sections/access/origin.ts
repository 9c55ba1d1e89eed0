import { z } from 'zod';
import { folder } from '../../terms.ts';

/**
 * Where a behaviour's answers come from: a folder of static files (in an account a private bucket), or the stage of the
 * API gateway.
 */
export const origin = z.union([z.strictObject({ folder }), z.strictObject({ gateway: z.literal(true) })]);
