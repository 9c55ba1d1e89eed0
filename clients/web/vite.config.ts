import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { pageDocuments } from './build/page-documents.ts';
import { serviceWorker } from './build/service-worker.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), pageDocuments(), serviceWorker()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Changes with the lock file alone, so that browsers keep it from one version of ours to the next.
          groups: [{ name: 'libraries', test: /node_modules\/(?!idb\/)/ }],
        },
      },
    },
  },
});
