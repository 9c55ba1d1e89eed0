import type { Plan } from '../model/plan.ts';
import type { FunctionDefinition } from './functions/definition.ts';

/** What a gateway runs from: plain data, sent by the supervisor at the start and at each change. */
export interface GatewayConfiguration {
  /** Listens on 127.0.0.1; 0 takes a free port. */
  readonly port: number;
  readonly plan: {
    readonly gateway: Omit<Plan['gateway'], 'stage' | 'functions'>;
    /** Whether answers carry the headers that explain them. */
    readonly explain: boolean;
  };
  /** Where integrations go: the mesh's ingress. */
  readonly ingress: { readonly host: string; readonly port: number };
  /** The functions that routes name. */
  readonly functions: Readonly<Record<string, FunctionDefinition>>;
  /** Whose tokens the authorizer accepts. */
  readonly identity: {
    readonly issuer: string;
    readonly jwksUri: string;
    readonly clientIds: readonly string[];
  };
}

/** A route of the plan: a path and all below it. */
export type RoutePlan = Plan['gateway']['routes'][number];
