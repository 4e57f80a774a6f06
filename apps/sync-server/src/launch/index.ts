import { startDemo } from '@tradewind/fault-lab/demo';
import { startServer } from '../main.ts';
import { launch } from './launch.ts';

process.exit(await launch(process.env, process.argv.slice(2), { startServer, startDemo }));
