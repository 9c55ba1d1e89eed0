import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../../engines.ts';
import { serviceDefinition } from '../applications/grpc.ts';

/** What came of a call: its messages, and how it ended. */
export interface CallResult {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  /** A status of grpc-js. */
  readonly code: number;
  readonly details: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly trailers: Readonly<Record<string, unknown>>;
}

/** A method of a service, and what to call it with. */
export interface Call {
  /** `strata.test.Echo` when left out. */
  readonly service?: string;
  /** `Say` when left out. */
  readonly method?: string;
  readonly message?: object;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The virtual service. */
  readonly authority: string;
  /** Milliseconds; 5 s when left out. */
  readonly deadline?: number;
}

/** A client without TLS that keeps one connection for each authority. */
export function grpcClient(lifetime: Lifetime, to: Address): (call: Call) => Promise<CallResult> {
  const clients = new Map<string, Client>();
  afterwards(lifetime, async () => {
    for (const client of clients.values()) client.close();
  });
  const clientFor = (authority: string) => {
    const known = clients.get(authority);
    if (known) return known;
    const client = new Client(`${to.host}:${to.port}`, credentials.createInsecure(), {
      'grpc.default_authority': authority,
      'grpc.enable_retries': 0,
    });
    clients.set(authority, client);
    return client;
  };
  return (call) => callOnce(clientFor(call.authority), call);
}

function callOnce(client: Client, call: Call): Promise<CallResult> {
  const { service = 'strata.test.Echo', method = 'Say', message = { text: 'hello' } } = call;
  const definition = serviceDefinition(service)[method];
  if (!definition) throw new Error(`${service} has no method ${method}`);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(call.metadata ?? {})) metadata.set(name, value);
  // Every kind of call can be read as a stream of answers.
  const stream = client.makeServerStreamRequest(
    definition.path,
    definition.requestSerialize,
    definition.responseDeserialize,
    message,
    metadata,
    { deadline: Date.now() + (call.deadline ?? 5000) },
  );
  const messages: Record<string, unknown>[] = [];
  let headers: Record<string, unknown> = {};
  return new Promise((resolve) => {
    stream.on('data', (answer) => messages.push(answer));
    stream.on('metadata', (received: Metadata) => {
      headers = received.getMap();
    });
    stream.on('error', () => {});
    stream.on('status', ({ code, details, metadata: trailers }: StatusObject) =>
      resolve({ messages, code, details, headers, trailers: trailers.getMap() }),
    );
  });
}
