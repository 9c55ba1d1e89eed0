import { useSyncExternalStore } from 'react';

const script = '/service-worker.js';
const checkInterval = 600_000;
const listeners = new Set<() => void>();
let waiting: ServiceWorker | undefined;
let accepted = false;

/** Registers the service worker once the page has loaded, and watches for newer versions. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const register = () => void watch().catch(() => undefined);
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

async function watch(): Promise<void> {
  const { serviceWorker } = navigator;
  const first = serviceWorker.controller === null;
  const registration = await serviceWorker.register(trusted(script) as string, { updateViaCache: 'none' });
  const offer = (worker: ServiceWorker | null) => {
    if (!worker || first) return;
    waiting = worker;
    for (const listener of listeners) listener();
  };
  offer(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && serviceWorker.controller) offer(installing);
    });
  });
  serviceWorker.addEventListener('controllerchange', () => {
    if (accepted) location.reload();
    else keepSeen();
  });
  setInterval(() => void registration.update().catch(() => undefined), checkInterval);
}

/** What was read before the service worker was there is read once more through it, so that it is kept as well. */
function keepSeen(): void {
  const seen = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/api/v1/data'));
  for (const { href } of seen.slice(-20)) void fetch(href).catch(() => undefined);
}

/** The one script address this page ever registers, as Trusted Types ask for it. */
function trusted(address: string): unknown {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(input: string): unknown } };
  };
  const rules = {
    createScriptURL(input: string) {
      if (input !== script) throw new TypeError(`${input} is not the service worker`);
      return input;
    },
  };
  return trustedTypes?.createPolicy('service-worker', rules).createScriptURL(address) ?? address;
}

/** Whether a newer version waits to be used. */
export function useUpdate(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting !== undefined,
    () => false,
  );
}

/** Goes over to the newer version: the page is loaded anew. */
export function acceptUpdate(): void {
  accepted = true;
  waiting?.postMessage({ type: 'SKIP_WAITING' });
}
