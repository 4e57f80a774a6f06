import { join } from 'node:path';
import { app } from 'electron';
import { findLink, LINK_SCHEME, parseLink } from './platform/links.ts';
import { HIDDEN_FLAG } from './platform/login-item.ts';
import { chooseProfile } from './profile.ts';
import { declareAppScheme } from './security/app-protocol.ts';
import { guardContents } from './security/guards.ts';
import { Shell } from './shell.ts';
import { parseStart } from './windows/start-address.ts';

// These lines run before `ready`, in this order: the scheme counts only then, and two apps on one profile would both open
// its store and lose what is written.
declareAppScheme();
// As root (tests in a container) Chromium refuses to sandbox, and this would overrule the flag that says so.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setName('Tradewind');
app.setAppUserModelId('app.tradewind.desk');
const profile = chooseProfile(process.env, app.commandLine.getSwitchValue('user-data-dir'), app.getPath('appData'));
app.setPath('userData', profile);

if (app.requestSingleInstanceLock()) start();
else app.exit(0); // the running app was told of our arguments

function start(): void {
  guardContents();
  const shell = new Shell({
    profile,
    // The bundle of this file lies in `dist/main`.
    distDir: join(__dirname, '..'),
    start: parseStart(process.env.TRADEWIND_SERVER),
    visible: !process.argv.includes(HIDDEN_FLAG),
  });
  app.on('second-instance', (_event, argv) => shell.follow(findLink(argv)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    shell.follow(parseLink(url));
  });
  app.on('activate', () => shell.follow(null));
  app.on('before-quit', () => shell.beginQuit());
  app.on('window-all-closed', () => app.quit());
  app.once('ready', (_event, launch) => {
    // An installed app makes itself known; one run from its sources would leave a link to a folder that moves.
    if (app.isPackaged && !app.isDefaultProtocolClient(LINK_SCHEME)) app.setAsDefaultProtocolClient(LINK_SCHEME);
    shell.follow(findLink(process.argv));
    const { identifier } = (launch ?? {}) as { identifier?: unknown };
    shell.open(typeof identifier === 'string' ? identifier : null);
  });
}
