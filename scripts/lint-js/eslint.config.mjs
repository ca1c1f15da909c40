// The rules of eslint itself. Not @wordpress/eslint-plugin: it brings 300 packages for React, TypeScript and blocks, which this plugin
// has none of, asks for WordPress' fork of prettier, and parts of it do not take this eslint yet.
import js from '@eslint/js';
import globals from 'globals';

const rules = {
	'array-callback-return': 'error',
	camelcase: [ 'error', { properties: 'never', ignoreDestructuring: true } ],
	'consistent-return': 'error',
	curly: 'error',
	'default-case-last': 'error',
	'dot-notation': 'error',
	eqeqeq: 'error',
	'no-alert': 'error',
	'no-array-constructor': 'error',
	'no-caller': 'error',
	'no-console': 'error',
	'no-else-return': 'error',
	'no-eval': 'error',
	'no-extend-native': 'error',
	'no-implied-eval': 'error',
	'no-lonely-if': 'error',
	'no-loop-func': 'error',
	'no-multi-assign': 'error',
	'no-new-func': 'error',
	'no-new-wrappers': 'error',
	'no-param-reassign': 'error',
	'no-promise-executor-return': 'error',
	'no-return-assign': 'error',
	'no-script-url': 'error',
	'no-self-compare': 'error',
	'no-sequences': 'error',
	'no-shadow': 'error',
	'no-throw-literal': 'error',
	'no-unmodified-loop-condition': 'error',
	'no-unneeded-ternary': 'error',
	'no-unreachable-loop': 'error',
	'no-unused-expressions': 'error',
	'no-unused-vars': [ 'error', { ignoreRestSiblings: true } ],
	'no-use-before-define': [ 'error', { functions: false } ],
	'no-useless-call': 'error',
	'no-useless-concat': 'error',
	'no-useless-return': 'error',
	'no-var': 'error',
	'object-shorthand': 'error',
	'prefer-const': 'error',
	'prefer-promise-reject-errors': 'error',
	yoda: 'error',
};

// Markup is made of nodes and texts: nothing that came over the wire is ever parsed as HTML.
const parsed = [ 'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'writeln', 'createContextualFragment' ];

export default [
	{ ignores: [ '**/node_modules/**' ] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	js.configs.recommended,
	{ rules },
	{
		files: [ 'plugin-php/assets/**/*.js' ],
		languageOptions: { ecmaVersion: 2020, sourceType: 'script', globals: globals.browser },
		rules: {
			strict: [ 'error', 'function' ],
			'no-restricted-properties': [ 'error', ...parsed.map( ( property ) => ( { property, message: 'Build nodes; set textContent.' } ) ) ],
		},
	},
	{
		files: [ '**/*.mjs' ],
		languageOptions: { ecmaVersion: 2023, sourceType: 'module', globals: { ...globals.node, ...globals.browser } },
		rules: { 'no-console': 'off' },
	},
];
