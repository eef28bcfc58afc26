import js from '@eslint/js';
import {defineConfig, globalIgnores} from 'eslint/config';
import tseslint from 'typescript-eslint';

const LIBRARY = ['lib/**/*.ts'];
const SPECS = ['spec/**/*.ts'];
const SCRIPTS = ['**/*.{js,mjs,cjs}'];

/** The files that may use what TensorFlow.js does not promise. */
const INTERNALS = ['lib/tfjs_internals.ts', 'lib/tfjs_layers_internals.ts'];
/** Members of TensorFlow.js that are private or undocumented. */
const PRIVATE_MEMBERS = [
  ...['_.*', 'engine', 'isTapeOn', 'activeTape', 'activeScope', 'scopeStack', 'tensorInfo', 'kept', 'scopeId'],
  ...['inboundNodes', 'outboundNodes', 'classNameMap', 'getPrototypeOf'],
];
/** Members of backends. The kernels use them, by the interfaces that stand beside the kernels. */
const BACKEND_MEMBERS = ['incRef', 'refCount', 'disposeData'];

/**
 * @param {string[]} members
 * @returns {['error', ...object[]]}
 */
const restricted = (members) => [
  'error',
  ...['MemberExpression > Identifier.property', 'ObjectPattern > Property > Identifier.key'].map((place) => ({
    selector: `${place}[name=/^(${members.join('|')})$/]`,
    message: `Use of TensorFlow.js that it does not promise belongs in ${INTERNALS.join(' or ')}, with a spec of its own.`,
  })),
];

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
              regex: '/(spec|demo|studies|python|scripts)/',
              message: 'lib imports only its two peer dependencies and its own files.',
            },
          ],
        },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
    },
  },
  {
    files: ['lib/node/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: String.raw`^(?!node:|@tensorflow/tfjs-core$|\./|\.\./errors\.js$)`,
              message: 'This entry imports what Node.js brings, types of tfjs-core, its own files and errors.js.',
            },
          ],
        },
      ],
    },
  },
  recognitionImports(['lib/recognition/*.ts'], String.raw`^(?!\./|\.\./(errors|options|base64)\.js$)`),
  recognitionImports(
    ['lib/recognition/*/*.ts'],
    String.raw`^(?!\./|\.\./(?!\.\.)|\.\./\.\./(errors|options|base64)\.js$)`,
  ),
  {
    files: LIBRARY,
    ignores: INTERNALS,
    rules: {'no-restricted-syntax': restricted([...PRIVATE_MEMBERS, ...BACKEND_MEMBERS])},
  },
  {
    files: ['lib/kernels/**/*.ts'],
    rules: {'no-restricted-syntax': restricted(PRIVATE_MEMBERS)},
  },
  {
    files: SPECS,
    rules: {
      // Jest's matchers, expect.any() and the like, are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name=/^(before|after)(Each|All)$/] CallExpression[callee.name='expect']",
          message: 'What a hook expects would pass for an assertion of the spec: throw an error instead.',
        },
      ],
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
);

/**
 * @param {string[]} files
 * @param {string} regex What is not to be imported.
 * @returns {import('eslint').Linter.Config}
 */
function recognitionImports(files, regex) {
  const message =
    'Recognition serves embeddings of any origin: it imports its own files, errors.js, options.js and base64.js alone.';
  return {files, rules: {'no-restricted-imports': ['error', {patterns: [{regex, message}]}]}};
}
