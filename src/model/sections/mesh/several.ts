import { type Complaint, rule } from '../../mesh/schema.ts';

/** A rule that a thing is said in one of two ways, as the arguments of `superRefine`. */
export function oneOrMany(short: string, full: string) {
  return rule(function* (value): Iterable<Complaint> {
    if (value[short] !== undefined && value[full] !== undefined) {
      yield { path: [full], found: value[full], allowed: `nothing beside ${short}: one of the two` };
    }
  });
}

/** Listeners, however they are written; undefined when there are none. */
export function listenersOf<Listener>({
  listener,
  listeners,
}: {
  readonly listener?: Listener | undefined;
  readonly listeners?: readonly Listener[] | undefined;
}): readonly Listener[] | undefined {
  return listener === undefined ? listeners : [listener];
}
