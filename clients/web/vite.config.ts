import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { leanAxios } from './build/lean-axios.ts';
import { pageDocuments } from './build/page-documents.ts';
import { serviceWorker } from './build/service-worker.ts';

const inMost =
  /clients\/(?:kit\/(?:notice|relative-time)|web\/src\/(?:api\/entities|entities\/(?:own-writes|carry-out|write\.ts)|shell\/(?:page-title|failure-notice|query-parameters|standing-error)))/;
const reading =
  /clients\/(?:kit\/(?:waterfall|span|layers)|web\/src\/(?:explain\/explanation-panel|entities\/value))\.tsx?$/;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), leanAxios(), pageDocuments(), serviceWorker()],
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
          groups: [
            // Changes with the lock file alone, so that browsers keep it from one version of ours to the next.
            { name: 'libraries', test: /node_modules\/(?!idb\/)/ },
            // What most pages have, in one file: it is smaller, and one request.
            { name: 'pages', test: inMost },
            // What the list and an entity are both shown with.
            { name: 'reading', test: reading },
          ],
        },
      },
    },
  },
});
