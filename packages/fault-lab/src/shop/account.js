// Tells the chat who has signed in here, before or after it has loaded: what the shop's server signed stands in the page.
window.Tradewind ??= { queue: [] };
window.Tradewind.queue.push(['identify', document.querySelector('meta[name=chat-identity]').content]);
