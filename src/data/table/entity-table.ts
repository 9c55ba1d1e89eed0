import type { Change } from '../entity.ts';
import { type ApplyResult, applyChanges } from './apply.ts';
import { openTableClient, type TableCall, type TableClientOptions } from './client.ts';
import type { TableSettings } from './item.ts';
import { findByName, type NamePage, type NamePageOptions } from './lookup.ts';
import { createTable } from './schema.ts';

/** The entities' table in DynamoDB: what is found by name. */
export interface EntityTable {
  /** Creates the table unless it is there. @throws StrataError `table-unavailable` */
  readonly createTable: () => Promise<void>;
  /** Applies changes in version order; see `applyChanges`. @throws StrataError `table-unavailable` */
  readonly apply: (changes: readonly Change[]) => Promise<ApplyResult[]>;
  /** Finds entities by name; see `findByName`. @throws StrataError `cursor-invalid`, `table-unavailable` */
  readonly findByName: (name: string, options: NamePageOptions) => Promise<NamePage>;
  /** Sends any operation, such as one that asks for its consumed capacity. @throws ServiceFailure, StrataError */
  readonly call: TableCall;
  readonly close: () => Promise<void>;
}

/** How the table is opened: the client's options and the plan's settings. */
export interface EntityTableOptions extends TableClientOptions {
  readonly table: TableSettings;
}

/** Opens the entities' table. Nothing is sent before it is used. */
export function openEntityTable({ table, ...options }: EntityTableOptions): EntityTable {
  const { call, close } = openTableClient(options);
  return {
    createTable: () => createTable(call, table),
    apply: (changes) => applyChanges(call, table, changes),
    findByName: (name, page) => findByName(call, table, name, page),
    call,
    close,
  };
}
