import { once } from 'node:events';
import { createServer } from 'node:http';
import { launch } from '../src/launch/launch.ts';

// The launch with a real PostgreSQL and the smallest server and shop, each telling when it is closed.
const startServer: Parameters<typeof launch>[2]['startServer'] = async ({ port, bind }) => {
  const server = createServer((_request, response) => response.end('ok')).listen(port, bind);
  await once(server, 'listening');
  const address = server.address();
  const shownPort = typeof address === 'object' ? address?.port : port;
  return {
    address: `http://${bind}:${shownPort}`,
    setupLink: null,
    close: async () => {
      server.close();
      process.stdout.write('closed: server\n');
    },
  };
};

const startDemo: Parameters<typeof launch>[2]['startDemo'] = async () => ({
  labUrl: 'http://127.0.0.1:1',
  close: async () => {
    process.stdout.write('closed: shop\n');
  },
});

process.exit(
  await launch(process.env, process.argv.slice(2), { startServer, startDemo, spreadSample: async () => undefined }),
);
