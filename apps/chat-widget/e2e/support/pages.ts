interface PageRequest {
  desk: string;
  /** `account`, and where wanted `lang`, `language` and `identity`. */
  query: URLSearchParams;
}

interface Page {
  html: string;
  headers?: Record<string, string>;
}

/** Everything a site may do to what stands in it, with the last word; the body itself stays visible. */
const HOSTILE = `
* { all: unset !important; font-size: 40px !important; color: red !important; letter-spacing: 9px !important }
html, body { display: block !important; transform: translateZ(0) !important }
body *, html > :not(head):not(body) { display: none !important; visibility: hidden !important; opacity: 0 !important }
div { position: fixed !important; inset: 0 !important; z-index: -1 !important; pointer-events: none !important }
button, textarea, input { background: lime !important; border: 20px solid blue !important; width: 3px !important }
:root { --tw-surface: red !important; --tw-text: red !important; direction: rtl }`;

function tag({ desk, query }: PageRequest, more = ''): string {
  const attributes = ['language', 'identity'].flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [` data-${name}="${value}"`];
  });
  return `<script src="${desk}/chat/widget.js" data-account="${query.get('account')}"${attributes.join('')}${more} async></script>`;
}

function render({ query }: PageRequest, head: string, body = ''): string {
  return `<!doctype html><html lang="${query.get('lang') ?? 'en'}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>${head}</head>
<body><main><h1>A shop</h1><button id="buy">Buy</button><input id="search" aria-label="Search">${body}</main></body></html>`;
}

const policy = (...rules: string[]) => ({ 'content-security-policy': rules.join('; ') });

/** The pages of the site, by path. */
export const pages: Record<string, (request: PageRequest) => Page> = {
  plain: (request) => ({ html: render(request, tag(request)) }),
  hostile: (request) => ({ html: render(request, `<style>${HOSTILE}</style>${tag(request)}`) }),
  strict: (request) => {
    const { desk } = request;
    const socket = desk.replace(/^http/, 'ws');
    return {
      html: render(request, tag(request)),
      headers: policy(
        "default-src 'none'",
        `script-src ${desk}`,
        `connect-src ${desk} ${socket}`,
        `img-src ${desk} blob:`,
        "require-trusted-types-for 'script'",
      ),
    };
  },
  nonce: (request) => ({
    html: render(request, tag(request, ' nonce="once"')),
    headers: policy("script-src 'nonce-once' 'strict-dynamic'", "style-src 'none'", "object-src 'none'"),
  }),
  /** What a page may ask for before the script is there. */
  queue: (request) => ({
    html: render(request, `<script>window.Tradewind = { queue: [['open']] }</script>${tag(request)}`),
  }),
};
