import { z } from 'zod';

// zod's compiled parsers need eval, which the page's CSP forbids; merely trying would be reported as a violation. A module
// of its own, imported first: other modules parse while they are loaded.
z.config({ jitless: true });
