import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Puts together what goes into the package: the three bundles and a manifest. There are no dependencies in it: all of them
 * are in the bundles.
 *
 * @param desktop - the folder of the app's sources, with the finished builds below `dist`.
 */
export function stageApp(desktop: string): void {
  const app = join(desktop, 'dist', 'app');
  rmSync(app, { recursive: true, force: true });
  for (const part of ['main', 'preload', 'renderer']) {
    const target = join(app, 'dist', part);
    mkdirSync(target, { recursive: true });
    cpSync(join(desktop, 'dist', part), target, { recursive: true });
  }
  const { version, license } = JSON.parse(readFileSync(join(desktop, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const manifest = {
    name: 'tradewind',
    productName: 'Tradewind',
    version,
    license,
    description: 'A support console for online shops that works with no network.',
    author: { name: 'Tradewind contributors', email: 'maintainers@tradewind.example' },
    homepage: 'https://tradewind.example',
    main: 'dist/main/index.cjs',
    // How Linux desktops tie windows, notices and links to the desktop entry.
    desktopName: 'tradewind.desktop',
  };
  writeFileSync(join(app, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
