// The rules that types alone don't catch. The one this program needs most is no-floating-promises: a lost
// promise is an effect nobody waits for.
import tseslint from 'typescript-eslint';

const effects = [
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:tls',
  'node:http',
  'node:child_process',
  'node:os',
  'node:process',
  'node:timers',
  'node:timers/promises',
];

export default tseslint.config(
  { ignores: ['node_modules/**', 'dist/**', 'coverage/**', '.lab/**', '.demo/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'max-depth': ['error', 4],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
    },
  },
  {
    // zod as a namespace, so that the bundle leaves out what isn't used: half of it, a tenth of the time of `check`.
    // `as` stands only where data of unknown shape enters (text/json.ts), in the constructors of branded ids, and in tests.
    files: ['src/**/*.ts'],
    ignores: ['src/text/json.ts', 'src/model/ids.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportDeclaration[source.value="zod"] > ImportSpecifier',
          message: "import * as z from 'zod'",
        },
        {
          selector: 'TSAsExpression:not(:has(TSTypeReference[typeName.name="const"]))',
          message: 'no `as` here: narrow the type, or add a reader in text/json.ts',
        },
      ],
    },
  },
  {
    // Only edge and cli touch the disk, the network, the process, timers, the clock or chance.
    files: ['src/{text,model,load,solaris,steps,plan,run,report}/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: effects }],
      'no-restricted-globals': [
        'error',
        'process',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'fetch',
        'performance',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
      ],
    },
  },
  {
    // The simulated hosts live in memory: nothing under os, shell, world or programs may reach this machine.
    files: ['sim/{os,shell,util,world,programs}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: effects }] },
  },
  {
    files: ['test/**/*.ts', 'src/**/*.test.ts', 'sim/**/*.test.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-restricted-syntax': 'off',
    },
  },
);
