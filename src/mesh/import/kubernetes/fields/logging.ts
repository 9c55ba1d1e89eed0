import { list, object, same } from '../shape.ts';

/** Where requests are logged, and how. */
export const logging = object({
  accessLog: object({
    file: object({
      path: same,
      format: object({ json: list(object({ key: same, value: same })), text: same }),
    }),
  }),
});
