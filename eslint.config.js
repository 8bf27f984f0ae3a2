// Lint rules, and the layer rule of docs/architecture.md: arrows point down only.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** What each layer may import, besides itself. Anything else of the house is refused. */
const layers = {
  'src/onnx': [],
  'src/wgsl': [],
  'src/lexicon': [],
  'src/bundle': ['onnx'],
  'src/bridge': ['bundle', 'lexicon', 'onnx'],
  'src/evaluate': ['bundle', 'lexicon', 'onnx', 'bridge'],
  'src/train': ['bundle', 'lexicon', 'onnx', 'wgsl'],
  workers: ['bridge', 'train', 'evaluate', 'bundle', 'lexicon', 'wgsl', 'onnx'],
};
const nameOf = (folder) => folder.split('/').at(-1);
const house = ['app', 'cli', ...Object.keys(layers).map(nameOf)];

/** Relative imports name the folder that they cross into, so a pattern per folder is enough. */
const layerRules = Object.entries(layers).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...house
            .filter((name) => name !== nameOf(folder) && !allowed.includes(name))
            .map((name) => ({
              group: [`./**/${name}/**`, `../**/${name}/**`],
              message: `${folder} must not import ${name}.`,
            })),
          {
            group: ['svelte', 'svelte/*', 'bits-ui', '@lucide/*'],
            message: 'Only src/app knows Svelte.',
          },
        ],
      },
    ],
    // Only src/app may know the page.
    'no-restricted-globals': ['error', 'window', 'document', 'localStorage'],
  },
}));

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
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['cli/**', 'tests/support/**', 'bench/**'], rules: { 'no-console': 'off' } },
  ...layerRules,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
);
