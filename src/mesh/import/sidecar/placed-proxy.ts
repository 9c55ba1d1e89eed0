import type { SidecarProxy } from './proxies.ts';

/** A proxy, and the folder its files are in. */
export interface PlacedProxy {
  readonly folder: string;
  readonly proxy: SidecarProxy;
}
