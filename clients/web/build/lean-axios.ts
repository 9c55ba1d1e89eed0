import type { Plugin } from 'vite';

/** Modules of axios's that this client never comes to: it has an adapter of its own and sends nothing but JSON. */
const unused =
  /\/(?:xhr|fetch|toFormData|toURLEncodedForm|formDataToJSON|AxiosURLSearchParams|HttpStatusCode)\.js$/;
const nothing = '\0axios-unused';

/** Leaves them out, as the library's own manifest leaves out the one for Node. */
export function leanAxios(): Plugin {
  return {
    name: 'lean-axios',
    enforce: 'pre',
    resolveId: (source, importer) =>
      importer?.includes('/node_modules/axios/lib/') && unused.test(source) ? nothing : undefined,
    load: (id) =>
      id === nothing ? 'export default undefined; export const getFetch = undefined;' : undefined,
  };
}
