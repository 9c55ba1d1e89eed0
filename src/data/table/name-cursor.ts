import { StrataError } from '../../kernel/errors.ts';
import { isEntityId } from '../entity-rules.ts';

/** The cursor of a page that ends with this entity. Opaque to who carries it. */
export function encodeCursor(id: string): string {
  return Buffer.from(`n1 ${id}`, 'utf8').toString('base64url');
}

/** The entity a page ended with. @throws StrataError `cursor-invalid` */
export function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const id = text.slice(3);
  if (!text.startsWith('n1 ') || !isEntityId(id) || encodeCursor(id) !== cursor)
    throw new StrataError('cursor-invalid');
  return id;
}
