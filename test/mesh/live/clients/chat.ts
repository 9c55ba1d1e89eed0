import { once } from 'node:events';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { Address } from '../../../../src/mesh/environment.ts';
import { afterwards, type Lifetime } from '../../../engines.ts';
import { serviceDefinition } from '../applications/grpc.ts';

/** A call of `Echo.Chat`, both sides streaming. */
export interface Chat {
  /** Sends a text and gives the answer to it. */
  say(text: string): Promise<string>;
  /** Says that nothing more will come, and gives the status. */
  end(): Promise<{ readonly code: number; readonly trailers: Readonly<Record<string, unknown>> }>;
}

/** Begins a conversation. */
export function openChat(lifetime: Lifetime, to: Address, authority: string): Chat {
  const method = serviceDefinition('strata.test.Echo').Chat;
  if (!method) throw new Error('Echo has no Chat');
  const client = new Client(`${to.host}:${to.port}`, credentials.createInsecure(), {
    'grpc.default_authority': authority,
  });
  afterwards(lifetime, async () => client.close());
  const stream = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    new Metadata(),
    { deadline: Date.now() + 5000 },
  );
  return {
    say: async (text) => {
      const answer = once(stream, 'data');
      stream.write({ text });
      const [{ text: answered }] = await answer;
      return answered;
    },
    end: async () => {
      const ended = once(stream, 'status');
      stream.end();
      const [{ code, metadata }] = await ended;
      return { code, trailers: metadata.getMap() };
    },
  };
}
