import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pingTable, type TableConnection } from '../../data/table/ping.ts';
import type { Executables } from './engines/acquisition.ts';
import type { ProcessDefinition } from './process.ts';

/** The table's server as the plan and the supervisor want it. */
export interface TableOptions {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly executables: Executables<'dynoxide'>;
  /** Absolute folder the table's file is in. */
  readonly dataFolder: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the table's server is and how requests to it are signed. */
export function tableConnection(
  options: Pick<TableOptions, 'port' | 'region' | 'accessKeyId' | 'secretAccessKey'>,
): TableConnection {
  const { port, region, accessKeyId, secretAccessKey } = options;
  return { endpoint: `http://127.0.0.1:${port}`, region, accessKeyId, secretAccessKey };
}

/** Makes the data folder of the DynamoDB engine and says how it is started. */
export async function defineTable(options: TableOptions): Promise<ProcessDefinition> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  const connection = tableConnection(options);
  const file = join(options.dataFolder, 'table.sqlite');
  return {
    name: options.name,
    kind: 'engine',
    command: options.executables.dynoxide,
    arguments: ['--host', '127.0.0.1', '--port', String(options.port), '--db-path', file],
    environment: {},
    directory: options.dataFolder,
    address: { host: '127.0.0.1', port: options.port },
    probe: () => pingTable(connection),
    stop: { signal: 'SIGTERM', timeout: 5_000 },
  };
}
