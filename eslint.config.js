// Lint rules, and the layer rule of docs/architecture.md: arrows point down only.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What each layer may import, besides itself. Anything else of the house is refused. */
const layers = {
  './src/onnx': [],
  './src/wgsl': [],
  './src/lexicon': [],
  './src/bundle': [],
  './src/bridge': ['./src/bundle', './src/lexicon', './src/onnx'],
  './src/evaluate': ['./src/bundle', './src/lexicon', './src/onnx', './src/bridge'],
  './src/train': ['./src/bundle', './src/lexicon', './src/onnx', './src/wgsl'],
  './workers': [
    './src/bridge',
    './src/train',
    './src/evaluate',
    './src/bundle',
    './src/lexicon',
    './src/wgsl',
    './src/onnx',
  ],
};
const house = ['./src/app', './cli', ...Object.keys(layers)];
const zones = Object.entries(layers).flatMap(([target, allowed]) =>
  house
    .filter((from) => from !== target && !allowed.includes(from))
    .map((from) => ({ target, from, message: `${target} must not import ${from}.` })),
);

/** Only these layers may know the page. */
const withoutDom = Object.keys(layers).map((layer) => `${layer.slice(2)}/**/*.ts`);

export default ts.config(
  {
    ignores: ['dist', 'node_modules', 'public', 'training', 'src/onnx/proto', 'test-results'],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/extensions': ['.ts', '.js'],
    },
  },
  { files: ['cli/**', 'tests/support/**', 'bench/**'], rules: { 'no-console': 'off' } },
  {
    files: withoutDom,
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'localStorage'],
      'no-restricted-imports': [
        'error',
        { patterns: ['svelte', 'svelte/*', 'bits-ui', '@lucide/*'] },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
);
