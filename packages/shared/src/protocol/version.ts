/**
 * Version of the wire shapes in this folder. A test hashes the schemas: when they change, this number is raised and the
 * change is described in `docs/protocol.md`.
 */
export const PROTOCOL_VERSION = 2;
