import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Imports go down only: main → run → commands → source → strategies → records | aws → config | protocol.
 * `errors`, `merge`, `stop`, `item-page`, `change-figures`, `wait-figures`, `places`, `json`, `text` and
 * `values` are leaves that every layer may use.
 */
const LAYERS = [
  'commands',
  'source',
  'monitoring',
  'strategies',
  'records',
  'aws',
  'config',
  'protocol',
];
const FORBIDDEN = {
  source: ['commands'],
  monitoring: ['commands', 'source', 'strategies', 'records', 'aws'],
  strategies: ['commands', 'source', 'monitoring'],
  records: ['commands', 'source', 'monitoring', 'strategies', 'aws'],
  aws: ['commands', 'source', 'monitoring', 'strategies', 'records'],
  config: ['commands', 'source', 'monitoring', 'strategies', 'records', 'aws', 'protocol'],
  protocol: ['commands', 'source', 'monitoring', 'strategies', 'records', 'aws', 'config'],
};

// A file takes these options from the last of its rules alone, so each of them repeats this.
const PROCESS_MODULES = ['node:process', 'process'];

const layerRules = Object.entries(FORBIDDEN).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: PROCESS_MODULES,
        patterns: [
          { regex: `^(\\.\\./)+(${forbidden.join('|')})/`, message: 'Imports go down only.' },
          { regex: '^(\\.\\./)+(main|run)\\.ts$', message: 'Nothing imports them.' },
        ],
      },
    ],
  },
}));

const leafRule = {
  files: [
    'src/errors.ts',
    'src/merge.ts',
    'src/stop.ts',
    'src/item-page.ts',
    'src/change-figures.ts',
    'src/wait-figures.ts',
    'src/places.ts',
    'src/json/**/*.ts',
    'src/text/**/*.ts',
    'src/values/**/*.ts',
  ],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: PROCESS_MODULES,
        patterns: [
          { regex: `^\\.\\.?/(${LAYERS.join('|')})/`, message: 'A leaf imports no layer.' },
        ],
      },
    ],
  },
};

export default tseslint.config(
  // AssemblyScript has types of its own, which its compiler checks.
  { ignores: ['dist/', 'coverage/', 'node_modules/', '**/assembly/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts', 'src/run.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only main.ts and run.ts see it.' },
      ],
      'no-restricted-imports': ['error', { paths: PROCESS_MODULES }],
    },
  },
  ...layerRules,
  leafRule,
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
