// biome-ignore lint/performance/noBarrelFile: it stands in for a module, with all that one exports
export { SimSocketServer as Server } from '../../world/sim-socket-server.ts';
