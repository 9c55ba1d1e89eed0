/** The six layers of the platform, in the one order they have everywhere: map, waterfall, metrics and documents. */
export const layers = ['access', 'gateway', 'compute', 'mesh', 'data', 'observability'] as const;

/** One of the six layers. Its colour is the token `--layer-<name>`, set by `data-layer`. */
export type Layer = (typeof layers)[number];
