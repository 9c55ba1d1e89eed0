import type { Plan } from '../../model/plan.ts';
import type { AttributeValue, Item } from '../table/item.ts';
import type { Session, SessionKey } from './session.ts';

/** The table's settings, from the plan. */
export type SessionTableSettings = Plan['data']['sessions']['table'];

/** What begins the keys of a subject's sessions, and of a session. */
export const prefixes = { subject: 'SUBJECT#', session: 'SESSION#' } as const;

/** Every attribute of a session, and what the table holds it as. */
const types = {
  subject: 'S',
  id: 'S',
  name: 'S',
  email: 'S',
  role: 'S',
  userAgent: 'S',
  createdAt: 'N',
  lastUsedAt: 'N',
  idleExpiresAt: 'N',
  absoluteExpiresAt: 'N',
  generation: 'N',
  rotatedAt: 'N',
  secretHash: 'S',
  precedingHash: 'S',
  successor: 'S',
  accessHash: 'S',
  accessExpiresAt: 'N',
  poolToken: 'S',
  claimedUntil: 'N',
  claim: 'S',
} as const satisfies Record<keyof Session, 'S' | 'N'>;

/** The primary key of a session's item. All sessions of a subject lie together. */
export function keyOf({ subject, id }: SessionKey, settings: SessionTableSettings): Item {
  return {
    [settings.partitionKey]: { S: `${prefixes.subject}${subject}` },
    [settings.sortKey]: { S: `${prefixes.session}${id}` },
  };
}

/** The item of a session. The table may remove it from the second on in which the session has ended. */
export function itemOf(session: Session, settings: SessionTableSettings): Item {
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, type] of Object.entries(types)) {
    const value = session[name as keyof Session];
    if (value === undefined) continue;
    attributes[name] = type === 'N' ? { N: String(value) } : { S: String(value) };
  }
  return {
    ...attributes,
    ...keyOf(session, settings),
    [settings.timeToLive]: { N: String(Math.ceil(session.idleExpiresAt / 1000)) },
  };
}

/** The session of an item. @throws Error when the item is none */
export function sessionOf(item: Item): Session {
  const session: Record<string, string | number> & Partial<Session> = {};
  for (const [name, type] of Object.entries(types)) {
    const value = item[name];
    if (value === undefined) continue;
    if (type === 'N' && 'N' in value) session[name] = Number(value.N);
    else if (type === 'S' && 'S' in value) session[name] = value.S;
    else throw new Error(`an item of the table has a wrong ${name}`);
  }
  if (session.id === undefined || session.generation === undefined)
    throw new Error('an item of the table is no session');
  return session as Session;
}
