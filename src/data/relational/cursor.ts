import { isEntityId } from '../entity-rules.ts';

/** A place in the list of entities, newest first: the next page starts after it. */
export interface Position {
  /** RFC 3339 with microseconds, as the database writes it. */
  readonly createdAt: string;
  readonly id: string;
}

/** The position before the newest entity there can be. */
export const beforeAll: Position = {
  createdAt: '9999-12-31T00:00:00.000000Z',
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

const moment = /^\d{4}-(0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** A position as callers pass it back: opaque, safe in a URL. */
export function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt} ${id}`).toString('base64url');
}

/** The position in a cursor, or undefined when the text is none of ours. */
export function decodeCursor(cursor: string): Position | undefined {
  const [createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (createdAt === undefined || !isEntityId(id) || rest.length > 0) return undefined;
  if (!moment.test(createdAt) || Number.isNaN(Date.parse(createdAt))) return undefined;
  const position = { createdAt, id };
  return encodeCursor(position) === cursor ? position : undefined;
}
