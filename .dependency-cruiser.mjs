/** The import rules of ARCHITECTURE.md; test/architecture.test.ts runs them. */
const layers = ['edge', 'waf', 'gateway', 'compute', 'mesh', 'data', 'observe', 'security'];
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    rule('no-cycles', 'No cycles.', {}, { circular: true }),
    rule(
      'resolvable',
      'Every import resolves to a file or a declared dependency.',
      {},
      { couldNotResolve: true },
    ),
    rule(
      'kernel-alone',
      'kernel imports nothing of the project.',
      { path: '^src/kernel/' },
      { path: '^(src|services|functions|clients)/', pathNot: '^src/kernel/' },
    ),
    rule(
      'model-on-kernel',
      'model imports only kernel.',
      { path: '^src/model/' },
      { path: '^(src|services|functions|clients)/', pathNot: '^src/(kernel|model)/' },
    ),
    ...layers.map((layer) =>
      rule(
        `${layer}-on-model`,
        'A layer imports model and kernel; layers do not import each other.',
        { path: `^src/${layer}/` },
        { path: '^(src|services|functions|clients)/', pathNot: `^src/(kernel|model|${layer})/` },
      ),
    ),
    rule(
      'local-not-aws',
      'targets/local never imports targets/aws.',
      { path: '^src/targets/local/' },
      { path: '^src/targets/aws/' },
    ),
    rule(
      'aws-not-local',
      'targets/aws never imports targets/local.',
      { path: '^src/targets/aws/' },
      { path: '^src/targets/local/' },
    ),
    rule(
      'targets-not-commands',
      'Targets know nothing of the command line.',
      { path: '^src/targets/' },
      { path: '^src/(commands/|main)' },
    ),
    rule(
      'targets-not-services',
      'Services are started as processes, never imported.',
      { path: '^src/' },
      { path: '^services/' },
    ),
    rule(
      'services-and-functions',
      'services/ and functions/ import data, observe, security and kernel: they run unchanged in both worlds.',
      { path: '^(services|functions)/' },
      { path: '^(src|clients)/', pathNot: '^src/(data|observe|security|kernel)/' },
    ),
    rule(
      'clients-alone',
      'A client knows the platform by its API alone: it imports its own files and those the clients share.',
      { path: '^clients/([^/]+)/' },
      { path: '^(src|services|functions|clients)/', pathNot: '^clients/($1|kit)/' },
    ),
    rule(
      'service-alone',
      'Services do not import each other; services/http is what every HTTP service has.',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/($1|http)/' },
    ),
    rule(
      'cdk-in-aws',
      'aws-cdk-lib only in targets/aws.',
      { pathNot: '^(src/targets/aws|test)/' },
      { path: '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    ),
    rule(
      'drivers-in-data',
      'Database drivers only in data.',
      { path: '^(src|services|functions)/', pathNot: '^src/data/' },
      { path: '^node_modules/(pg|postgres|iovalkey|aws4)/' },
    ),
    rule(
      'production-dependencies',
      'What runs is not a development dependency.',
      { path: '^(src|services|functions|clients)/' },
      { dependencyTypes: ['npm-dev'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^clients/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
    moduleSystems: ['es6'],
  },
};
