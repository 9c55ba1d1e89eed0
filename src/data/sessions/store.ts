import { ServiceFailure } from '../account/service-failure.ts';
import { openTableClient, type TableCall, type TableClientOptions } from '../table/client.ts';
import type { Item } from '../table/item.ts';
import { itemOf, keyOf, prefixes, type SessionTableSettings, sessionOf } from './item.ts';
import { createSessionTable } from './schema.ts';
import type { Session, SessionKey } from './session.ts';

/** The table of sessions. Every read is consistent and every write conditional. */
export interface SessionStore {
  /** Creates the table unless it is there. @throws StrataError `table-unavailable` */
  readonly createTable: () => Promise<void>;
  /** Adds a session. @throws StrataError `table-unavailable` */
  readonly add: (session: Session) => Promise<void>;
  readonly find: (key: SessionKey) => Promise<Session | undefined>;
  /** All sessions of a subject, those that have ended but are still there included. */
  readonly list: (subject: string) => Promise<Session[]>;
  /** Lets one caller alone go on to the next secret: while it is of this generation and nobody else's turn. */
  readonly claim: (
    session: Session,
    claim: { readonly claim: string; readonly now: number; readonly until: number },
  ) => Promise<boolean>;
  /** Gives a turn back; nothing happens when it is somebody else's by now. */
  readonly release: (key: SessionKey, claim: string) => Promise<void>;
  /** Puts the next state in the place of the one that was claimed; false when it is not there any more. */
  readonly advance: (next: Session, claim: string) => Promise<boolean>;
  /** Removes a session. @returns it as it was, when it was there */
  readonly remove: (key: SessionKey) => Promise<Session | undefined>;
  readonly close: () => Promise<void>;
}

/** How the table is opened. */
export interface SessionStoreOptions extends TableClientOptions {
  readonly table: SessionTableSettings;
}

/** Sessions of one subject that are read at most. */
const listLimit = 1000;

/** Opens the table of sessions. Nothing is sent before it is used. */
export function openSessionStore({ table, ...options }: SessionStoreOptions): SessionStore {
  const { call, close } = openTableClient(options);
  const TableName = table.name;

  return {
    createTable: () => createSessionTable(call, table),

    add: async (session) => {
      // A repetition writes the same again: nobody else has this id.
      await call('PutItem', { TableName, Item: itemOf(session, table) });
    },

    find: async (key) => {
      const { Item } = await call<{ Item?: Item }>('GetItem', {
        TableName,
        Key: keyOf(key, table),
        ConsistentRead: true,
      });
      return Item && sessionOf(Item);
    },

    list: (subject) => listSessions(call, table, subject),

    claim: (session, { claim, now, until }) =>
      holds(
        call('UpdateItem', {
          TableName,
          Key: keyOf(session, table),
          UpdateExpression: 'SET #claim = :claim, #until = :until',
          ConditionExpression:
            '#generation = :generation AND (#claim = :claim OR attribute_not_exists(#until) OR #until <= :now)',
          ExpressionAttributeNames: {
            '#claim': 'claim',
            '#until': 'claimedUntil',
            '#generation': 'generation',
          },
          ExpressionAttributeValues: {
            ':claim': { S: claim },
            ':until': { N: String(until) },
            ':now': { N: String(now) },
            ':generation': { N: String(session.generation) },
          },
        }),
      ),

    release: async (key, claim) => {
      await holds(
        call('UpdateItem', {
          TableName,
          Key: keyOf(key, table),
          UpdateExpression: 'REMOVE #claim, #until',
          ConditionExpression: '#claim = :claim',
          ExpressionAttributeNames: { '#claim': 'claim', '#until': 'claimedUntil' },
          ExpressionAttributeValues: { ':claim': { S: claim } },
        }),
      );
    },

    advance: (next, claim) =>
      holds(
        call('PutItem', {
          TableName,
          Item: itemOf(next, table),
          // The second half lets a repetition through whose first try was carried out and its answer lost.
          ConditionExpression: '(#generation = :before AND #claim = :claim) OR #secret = :secret',
          ExpressionAttributeNames: {
            '#generation': 'generation',
            '#claim': 'claim',
            '#secret': 'secretHash',
          },
          ExpressionAttributeValues: {
            ':before': { N: String(next.generation - 1) },
            ':claim': { S: claim },
            ':secret': { S: next.secretHash },
          },
        }),
      ),

    remove: async (key) => {
      const { Attributes } = await call<{ Attributes?: Item }>('DeleteItem', {
        TableName,
        Key: keyOf(key, table),
        ReturnValues: 'ALL_OLD',
      });
      return Attributes && sessionOf(Attributes);
    },

    close,
  };
}

async function listSessions(
  call: TableCall,
  table: SessionTableSettings,
  subject: string,
): Promise<Session[]> {
  const found: Session[] = [];
  let start: Item | undefined;
  do {
    const page = await call<{ Items?: Item[]; LastEvaluatedKey?: Item }>('Query', {
      TableName: table.name,
      KeyConditionExpression: '#partition = :subject AND begins_with(#sort, :session)',
      ExpressionAttributeNames: { '#partition': table.partitionKey, '#sort': table.sortKey },
      ExpressionAttributeValues: {
        ':subject': { S: `${prefixes.subject}${subject}` },
        ':session': { S: prefixes.session },
      },
      ConsistentRead: true,
      ...(start ? { ExclusiveStartKey: start } : {}),
    });
    found.push(...(page.Items ?? []).map(sessionOf));
    start = page.LastEvaluatedKey;
  } while (start && found.length < listLimit);
  return found;
}

/** Whether a conditional write was made. */
async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ServiceFailure && error.type === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
