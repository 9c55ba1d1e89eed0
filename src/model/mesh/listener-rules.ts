import { type LocatedMistake, located } from '../mistake.ts';
import { routeMembers } from './route-kind.ts';
import type { PortProtocol } from './terms.ts';

/** A port and what it speaks. */
export interface Port {
  readonly port: number;
  readonly protocol: PortProtocol;
}

/** Ports of a resource's listeners. */
export function portsOf(listeners: readonly { readonly portMapping: Port }[] | undefined): readonly Port[] {
  return (listeners ?? []).map(({ portMapping }) => portMapping);
}

/** Which of a resource's listeners something means: by its port, or the only one. */
export interface ListenerChoice {
  /** Where the port stands. */
  readonly at: readonly PropertyKey[];
  readonly port: number | undefined;
  /** Whose listeners they are, as a person says it. */
  readonly owner: string;
  readonly listeners: readonly Port[];
  readonly page: string;
}

/**
 * Whether a choice means one listener; App Mesh asks for the port where there are several.
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/routes.html
 */
export function* choiceMistakes({
  at,
  port,
  owner,
  listeners,
  page,
}: ListenerChoice): Iterable<LocatedMistake> {
  const ports = listeners.map((listener) => listener.port).join(', ');
  if (port === undefined && listeners.length > 1) {
    yield located(at, port, `${ports}: ${owner} has several listeners`, page);
  }
  if (port !== undefined && listeners.length > 0 && !listeners.some((listener) => listener.port === port)) {
    yield located(at, port, `${ports}, a port of ${owner}`, page);
  }
}

/** The listener a choice means, when it means one. */
export function chosenListener({ port, listeners }: ListenerChoice): Port | undefined {
  if (port === undefined) return listeners.length === 1 ? listeners[0] : undefined;
  return listeners.find((listener) => listener.port === port);
}

/**
 * A route whose choice of a listener is wrong, or that is of another protocol than the listener it means.
 * @param at path of the route's specification
 * @param parent what the mistake calls its router or gateway
 */
export function* routeListenerMistakes(
  choice: ListenerChoice,
  { at, protocol, parent }: { at: readonly PropertyKey[]; protocol: PortProtocol; parent: string },
): Iterable<LocatedMistake> {
  yield* choiceMistakes(choice);
  const listener = chosenListener(choice);
  if (listener && listener.protocol !== protocol) {
    yield located(
      at,
      routeMembers[protocol],
      `${routeMembers[listener.protocol]}: the ${parent}'s port ${listener.port} speaks ${listener.protocol}`,
      choice.page,
    );
  }
}
