/** Ports of the managed services; their own, which nobody chooses. */
export const ports = {
  relational: 5432,
  cache: 6379,
  https: 443,
  http: 80,
} as const;
