import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

/** Not part of the application: what only installers and crawlers ask for. */
const left: ReadonlySet<string> = new Set([
  '404.html',
  'robots.txt',
  'icon-512.png',
  'icon-mask-512.png',
  'icon-180.png',
]);

/**
 * Builds the service worker once the application is written, with the list of the application's files in it. Workbox
 * does the caching; this replaces its build tool alone, which brings a bundler and a compiler of its own.
 */
export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    // Of a build that came to its end alone; what is public was copied before.
    async writeBundle() {
      const {
        root,
        build: { outDir, target },
      } = config;
      const folder = resolve(root, outDir);
      await build({
        configFile: false,
        root,
        logLevel: 'warn',
        publicDir: false,
        define: {
          FILES: JSON.stringify(await filesOf(folder)),
          'process.env.NODE_ENV': '"production"',
        },
        build: {
          target,
          outDir: folder,
          emptyOutDir: false,
          reportCompressedSize: false,
          rolldownOptions: {
            input: join(root, 'src/service-worker.ts'),
            output: { entryFileNames: 'service-worker.js', format: 'iife' },
          },
        },
      });
    },
  };
}

/** The application's files as Workbox wants them; names with a hash in them need no revision. */
async function filesOf(folder: string): Promise<{ url: string; revision: string | null }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !left.has(relative(folder, path)))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const name = relative(folder, path).split(sep).join('/');
      const url = `/${name.replace(/\/index\.html$/, '').replace(/^index\.html$/, '')}`;
      if (name.startsWith('assets/')) return { url, revision: null };
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return { url, revision: digest.slice(0, 16) };
    }),
  );
}
