import { before } from 'node:test';
import blueprint from '../../../../blueprint.ts';
import type { Delivery } from '../../../../src/targets/aws/delivery/delivery.ts';
import type { Emulator } from '../../../emulator.ts';
import { planOf, root } from '../plan.ts';

/** A delivery of the repository's own blueprint to an emulator, in its describe block; what it tells goes to `lines`. */
export function deliveryTo(emulator: Emulator, folder: string, lines: string[]): Delivery {
  before(() => {
    Object.assign(process.env, emulator.variables, { AWS_ENDPOINT_URL_S3: emulator.url });
  });
  return {
    plan: planOf(blueprint),
    root,
    folder,
    // The emulator takes the address of a template for its own only under this name.
    endpoint: emulator.url.replace('127.0.0.1', 'localhost'),
    onLine: (line) => lines.push(line),
    signal: new AbortController().signal,
  };
}
