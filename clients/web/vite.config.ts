import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pageDocuments } from './build/page-documents.ts';
import { serviceWorker } from './build/service-worker.ts';

const reading =
  /clients\/(?:kit\/(?:notice|relative-time|waterfall|span|layers)|web\/src\/(?:api\/entit|explain\/|entities\/(?:own-writes|value)|shell\/(?:page-title|failure-notice|query-parameters|standing-error)))/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), pageDocuments(), serviceWorker()],
  resolve: {
    alias: [
      // The API client asks by fetch: axios's other way for browsers goes, as its own manifest has the one for Node go.
      {
        find: './xhr.js',
        replacement: fileURLToPath(
          new URL('./lib/helpers/null.js', import.meta.resolve('axios/package.json')),
        ),
      },
    ],
  },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    // A page's document names all its modules (build/page-documents.ts); other pages' come from the service worker.
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Changes with the lock file alone, so that browsers keep it from one version of ours to the next.
          groups: [
            { name: 'libraries', test: /node_modules\/(?!idb\/)/ },
            // What the list and an entity are both shown with: in one file it is smaller, and one request.
            { name: 'reading', test: reading },
          ],
        },
      },
    },
  },
});
