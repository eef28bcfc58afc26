import js from '@eslint/js';
import prettier from 'eslint-config-prettier/flat';
import {defineConfig, globalIgnores} from 'eslint/config';
import tseslint from 'typescript-eslint';

const LIBRARY = ['lib/**/*.ts'];
const SPECS = ['spec/**/*.ts'];
const SCRIPTS = ['**/*.{js,mjs,cjs}'];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'output/']),
  {
    linterOptions: {reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error'},
    languageOptions: {parserOptions: {projectService: true}},
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    rules: {
      eqeqeq: 'error',
      'no-restricted-exports': [
        'error',
        {
          restrictDefaultExports: {
            direct: true,
            named: true,
            defaultFrom: true,
            namedFrom: true,
            namespaceFrom: true,
          },
        },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Its advice is the non-null assertion, which the strict rules forbid.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // TensorFlow.js declares much of what it hands out as the base class or a look-alike.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // It keeps the enum of `verbose: 0` private.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: LIBRARY,
    rules: {
      'max-lines': ['error', {max: 250, skipBlankLines: true, skipComments: true}],
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: String.raw`^(?!@tensorflow/tfjs-(core|layers)$|\.\.?/)`,
              message: 'lib imports only its two peer dependencies and its own files.',
            },
            {
              regex: '/(spec|demo)/',
              message: 'lib imports only its two peer dependencies and its own files.',
            },
          ],
        },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  recognitionImports(['lib/recognition/*.ts'], String.raw`^(?!\./|\.\./errors\.js$)`),
  recognitionImports(['lib/recognition/*/*.ts'], String.raw`^(?!\./|\.\./(?!\.\.)|\.\./\.\./errors\.js$)`),
  {
    files: SPECS,
    rules: {
      // Jest's matchers, expect.any() and the like, are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: SCRIPTS,
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      // The type check looks at these files as well, and knows Node's globals.
      'no-undef': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    files: ['**/*.config.{js,ts}'],
    rules: {'no-restricted-exports': 'off'},
  },
  prettier,
);

/**
 * @param {string[]} files
 * @param {string} regex What is not to be imported.
 * @returns {import('eslint').Linter.Config}
 */
function recognitionImports(files, regex) {
  const message = 'Recognition serves embeddings of any origin: it imports its own files and errors.js alone.';
  return {files, rules: {'no-restricted-imports': ['error', {patterns: [{regex, message}]}]}};
}
