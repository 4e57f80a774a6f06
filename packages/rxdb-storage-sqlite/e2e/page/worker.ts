import '../../src/browser/worker.ts';
