import type { ParsedDocument } from './document.ts';
import { resolveAccess } from './sections/access/resolve.ts';
import { expandMesh } from './sections/mesh/expand.ts';

/** Fills in what depends on other fields, so that no reader of the plan needs to know a default. */
export function resolve(document: ParsedDocument) {
  return {
    ...document,
    access: resolveAccess(document.access),
    gateway: {
      ...document.gateway,
      routes: document.gateway.routes.map((route) => ({
        ...route,
        throttle: {
          rate: route.throttle.rate,
          burst: route.throttle.burst ?? Math.max(1, Math.ceil(route.throttle.rate)),
        },
        auth: {
          mode: route.auth.mode,
          /** Milliseconds; 300 s is the vendor's default for a TOKEN authorizer. */
          ttl: route.auth.mode === 'required' ? (route.auth.ttl ?? 300_000) : 0,
        },
      })),
    },
    mesh: expandMesh(document.mesh),
    observability: {
      ...document.observability,
      alarms: Object.fromEntries(
        Object.entries(document.observability.alarms).map(([name, alarm]) => [
          name,
          { ...alarm, datapointsToAlarm: alarm.datapointsToAlarm ?? alarm.evaluationPeriods },
        ]),
      ),
    },
  };
}
