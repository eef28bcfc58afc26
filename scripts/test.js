/**
 * `npm test`: Jest with the projects that need nothing but Node.js, unless `--selectProjects` names others or `--all` asks
 * for every one. Other arguments are Jest's.
 */
import process from 'node:process';

import {run} from 'jest';

import {IN_NODE_ALONE} from '../jest.config.js';

const args = process.argv.slice(2);
const others = args.filter((arg) => arg !== '--all');
const areChosen = others.length < args.length || args.some((arg) => arg.startsWith('--selectProjects'));

// As Jest's own command does.
process.env['NODE_ENV'] ??= 'test';
await run(areChosen ? others : [...others, '--selectProjects', ...IN_NODE_ALONE]);
