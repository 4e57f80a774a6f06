import { parseArgs } from 'node:util';
import { startFaultLab } from './lab.ts';

const usage = 'usage: node packages/fault-lab/src/cli.ts [--port N]   (default 4600, 0 = a free one)';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readPort(): number {
  try {
    const { values } = parseArgs({
      options: { port: { type: 'string', default: '4600' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    const port = Number(values.port);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    return fail(`--port ${values.port}: give a port number, 0 to 65535.\n${usage}`);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

const port = readPort();
const lab = await startFaultLab({ port }).catch((error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another with --port.`
      : `The lab did not start: ${error.message}`,
  ),
);
process.stdout.write(
  `Fault lab: ${lab.url}\n  Mailgun  apiBaseUrl ${lab.url}/mailgun\n  Shopify  apiBaseUrl ${lab.url}/shopify\n  Website chat  allowedOrigins ${lab.url}, its shop ${lab.url}/shop\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void lab.close().then(() => process.exit(0)));
}
