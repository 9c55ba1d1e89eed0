import { acquirePackage } from '../../../../src/targets/local/engines/acquisition.ts';

/** Acquires the engine that the arguments describe: engines folder, pinned package as JSON. */
const [enginesFolder = '', pinned = ''] = process.argv.slice(2);
await acquirePackage('tiny', JSON.parse(pinned), { enginesFolder });
