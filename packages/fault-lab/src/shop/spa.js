// The same shop as a single page: links fetch the next page and put its whole body in place of the old one, as some
// frameworks do. Whatever stood in the body, the chat's element among it, is gone then.
async function show(url) {
  const text = await (await fetch(url)).text();
  const next = new DOMParser().parseFromString(text, 'text/html');
  document.title = next.title;
  document.documentElement.replaceChild(document.adoptNode(next.body), document.body);
  scrollTo(0, 0);
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  void show(link.href);
});
addEventListener('popstate', () => void show(location.href));
