import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../../engines.ts';
import { scriptOf } from './reply.ts';

/** What the service does with one call. */
export interface CallReply {
  /** Status to end with; OK when left out. */
  readonly code?: status;
  readonly details?: string;
  /** Trailers beside the status. */
  readonly trailers?: Readonly<Record<string, string>>;
  /** Milliseconds before an answer, or between those of a stream. */
  readonly after?: number;
}

/** A call as the service got it. */
interface ReceivedCall {
  readonly method: string;
  readonly authority: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A small gRPC service: Echo and Mirror of echo.proto, and the health service. */
export interface GrpcApplication {
  readonly address: Address;
  /** Calls since its behaviour was last said. */
  readonly calls: ReceivedCall[];
  /** What it does from now on: replies given in turn, the last one to all that follow. */
  reply(...replies: readonly CallReply[]): void;
  /** What the health service answers from now on. */
  health(serving: boolean): void;
}

interface Text {
  readonly text: string;
}

interface Count {
  readonly value: number;
}

const definitions = loadSync(['echo.proto', 'health.proto'].map((file) => join(import.meta.dirname, file)));

/** The definition of a service in the proto files here, by its full name. */
export function serviceDefinition(name: string): ServiceDefinition {
  return definitions[name] as ServiceDefinition;
}

/** Starts the service without TLS. */
export async function startGrpcApplication(lifetime: Lifetime, name: string): Promise<GrpcApplication> {
  const calls: ReceivedCall[] = [];
  const script = scriptOf<CallReply>({});
  let serving = true;
  const begin = (call: { getPath(): string; getHost(): string; metadata: Metadata }) => {
    calls.push({ method: call.getPath(), authority: call.getHost(), metadata: call.metadata.getMap() });
    return script.next();
  };
  const say = async (call: ServerUnaryCall<Text, Text>, answer: sendUnaryData<Text>) => {
    const reply = begin(call);
    await delay(reply.after ?? 0);
    if (reply.code === undefined) answer(null, { text: `${name}: ${call.request.text}` }, trailersOf(reply));
    else answer({ ...statusOf(reply), name: 'status', message: '' });
  };
  const server = new Server();
  server.addService(serviceDefinition('strata.test.Mirror'), { say });
  server.addService(serviceDefinition('strata.test.Echo'), {
    say,
    whisper: say,
    count: async (call: ServerWritableStream<Count, Count>) => {
      const reply = begin(call);
      for (let value = 1; value <= call.request.value; value += 1) {
        call.write({ value });
        await delay(reply.after ?? 0);
      }
      if (reply.code === undefined) call.end(trailersOf(reply));
      else call.emit('error', statusOf(reply));
    },
    chat: (call: ServerDuplexStream<Text, Text>) => {
      const reply = begin(call);
      call.on('data', ({ text }: Text) => call.write({ text: `${name}: ${text}` }));
      call.on('end', () => call.end(trailersOf(reply)));
    },
  });
  server.addService(serviceDefinition('grpc.health.v1.Health'), {
    check: (_: unknown, answer: sendUnaryData<object>) =>
      answer(null, { status: serving ? 'SERVING' : 'NOT_SERVING' }),
  });
  const port = await listening(server, '127.0.0.1:0');
  afterwards(lifetime, async () => server.forceShutdown());
  return {
    address: { host: '127.0.0.1', port },
    calls,
    reply: (...replies) => {
      calls.length = 0;
      script.rewrite(replies);
    },
    health: (next) => {
      serving = next;
    },
  };
}

/** Binds a server without TLS and gives its port; 0 for a unix socket. */
export function listening(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function statusOf(reply: CallReply) {
  return {
    code: reply.code ?? status.OK,
    details: reply.details ?? '',
    metadata: trailersOf(reply),
  };
}

function trailersOf({ trailers = {} }: CallReply): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return metadata;
}
