import type { Plan } from '../model/plan.ts';
import type { EdgeFunction } from './functions/edge-function.ts';
import type { CertificateFiles } from './protocol/certificate-files.ts';

/** What the edge reads of a plan. */
export type EdgeSettings = Pick<
  Plan['access'],
  | 'origins'
  | 'cachePolicies'
  | 'originRequestPolicies'
  | 'responseHeadersPolicies'
  | 'functions'
  | 'behaviors'
  | 'errorPages'
  | 'clientTimeout'
  | 'explain'
  | 'store'
>;

/** What the edge needs to run. */
export interface EdgeConfiguration {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly plan: { readonly access: EdgeSettings };
  /** Absolute path of the folder of each origin that has files. */
  readonly folders: Readonly<Record<string, string>>;
  readonly gateway: { readonly host: string; readonly port: number };
  /** What TLS is spoken with, on the same port; it is read again when it was replaced. Plain HTTP alone without. */
  readonly certificate?: CertificateFiles;
  /** The functions that behaviours name; none run without. */
  readonly functions?: readonly EdgeFunction[];
  /** Absolute path of a folder for what is cached, to outlive the process; in memory alone without. */
  readonly storeFolder?: string;
}
