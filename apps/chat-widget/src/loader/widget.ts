import { installPageApi, isInstalled, type PageWindow } from './page-api.ts';
import { readConfig } from './read-config.ts';
import { startWidget } from './start-widget.ts';

/** The entry of `widget.js`. Whatever goes wrong here is said in the console and stays without effect on the page. */
function main(script: HTMLOrSVGScriptElement | null, page: PageWindow): void {
  const warn = (sentence: string) => console.warn(`[tradewind chat] ${sentence}`);
  try {
    if (!(script instanceof HTMLScriptElement))
      throw new Error('load widget.js with a script tag that is not a module');
    if (isInstalled(page)) throw new Error('there is a chat on this page already; one script tag is enough');
    const config = readConfig(script, [document.documentElement.lang, navigator.language]);
    const actions = startWidget(config, warn);
    if (script.dataset.identity) actions.identify(script.dataset.identity);
    installPageApi(page, actions, warn);
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
  }
}

main(document.currentScript, window as PageWindow);
