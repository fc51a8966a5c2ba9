import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Packages run from their sources. 'module' is left out as in vitest itself: it picks builds that Node cannot load.
const conditions = ['@enishi/source', ...defaultServerConditions.filter((condition) => condition !== 'module')];
const resolve = { conditions, externalConditions: conditions };

export default defineConfig({
  resolve: {
    conditions,
    // graphql ships .js and .mjs side by side: without one spelling two copies meet and refuse each other's types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  ssr: { resolve },
  // Where vitest runs the global setup.
  environments: { __vitest__: { resolve } },
  // type-graphql's decorators are the experimental ones; its types are always given explicitly, so no metadata is emitted.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: false } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    globalSetup: ['packages/testkit/src/setup.ts'],
    // type-graphql keeps its types in one global store: a file that builds a schema must not see another file's.
    isolate: true,
    pool: 'forks',
    // What a test starts with child_process or a worker runs from source too.
    execArgv: ['--conditions=@enishi/source'],
    // Tests wait for events; these only end what hangs, also on a machine that has much else to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    allowOnly: false,
  },
});
