// Written in the oldest syntax of modules: it must run on the Node versions it refuses.

const OLDEST_MAJOR = 20;

/** True when this Node can at least set Tradewind up; else says so in one sentence and makes the process fail. */
export function acceptsNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) return true;
  process.stderr.write(
    `Tradewind needs Node ${OLDEST_MAJOR} or newer, this is ${process.versions.node}: install it from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
  return false;
}

/** Whether a Node version runs TypeScript files as they are (22.18, 23.6 and later). */
export function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}
