import { acceptsNode } from './lib/node-version.mjs';

// What follows is loaded only by a Node that can read it.
if (acceptsNode()) import('./lib/keep-build.mjs');
