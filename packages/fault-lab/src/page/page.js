// The lab's page: plain JavaScript, because it is served as it stands, behind a line that holds words.json as `words`.
// Everything it does goes through the /lab API.
const kinds = {
  mailgun: [
    'answer-400',
    'answer-429',
    'answer-500',
    'answer-503',
    'timeout-after-accept',
    'reset-after-accept',
    'reset-before-accept',
    'bounce',
    'duplicate',
    'delay',
    'drop',
    'reorder',
  ],
  shopify: ['duplicate', 'delay', 'drop', 'reorder', 'answer-429', 'answer-500', 'answer-503', 'reset-before-accept'],
  'web-chat': ['cut-before-send', 'cut-before-ack', 'cut-after-ack', 'offline', 'duplicate', 'delay', 'drop'],
};

let language = localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en');
const t = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), words[language][key]);
const find = (id) => document.getElementById(id);

/** An element with text or children; text is never read as HTML. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

async function call(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = response.status === 204 ? {} : await response.json();
  if (response.ok) return answer;
  const details = (answer.errors ?? []).map((error) => `${error.path} ${error.message}`).join(', ');
  throw new Error([answer.error ?? response.statusText, details].filter(Boolean).join(': '));
}

function describe(delivery) {
  if (delivery.state === 'waiting') return t('waiting');
  if (delivery.state === 'dropped') return t('dropped');
  return delivery.attempts.map((attempt) => attempt.status ?? `${t('noAnswer')} (${attempt.error})`).join(', ');
}

function report(isGood, text) {
  const status = find('status');
  status.textContent = t(isGood ? 'done' : 'wrong', { text });
  status.className = isGood ? 'good' : 'bad';
}

/** Does something, says how it went, and shows what changed. */
async function act(name, work) {
  try {
    const answer = await work();
    const deliveries = answer?.deliveries ?? [];
    const isGood = deliveries.every((delivery) => delivery.state !== 'failed');
    report(isGood, [name, ...deliveries.map((delivery) => `${delivery.topic} → ${describe(delivery)}`)].join(' · '));
  } catch (error) {
    report(false, `${name}: ${error.message}`);
  }
  await refresh();
}

function makeButton(key, work) {
  const button = make('button', '', t(key));
  button.type = 'button';
  button.addEventListener('click', () => act(t(key), work));
  return button;
}

function fill(id, rows, emptyKey) {
  const list = find(id);
  // A list in which somebody is typing is left alone until the next round.
  if (list.contains(document.activeElement) && document.activeElement.tagName === 'INPUT') return;
  list.replaceChildren(...(rows.length > 0 ? rows : [make('p', 'empty', t(emptyKey))]));
}

const showTime = (at) => new Date(at).toLocaleTimeString(language);

function makeSent(mail) {
  const path = `/lab/mailgun/outbox/${encodeURIComponent(mail.messageId)}`;
  const facts = [showTime(mail.receivedAt), mail.to.map((to) => to.address).join(', '), ...mail.events];
  if (mail.count > 1) facts.push(t('times', { n: mail.count }));
  if (mail.attachments.length > 0) facts.push(t('files', { n: mail.attachments.length }));
  const input = make('input');
  input.placeholder = t('replyPlaceholder');
  input.setAttribute('aria-label', t('replyPlaceholder'));
  const answer = make('form', 'answer', input, make('button', '', t('reply')));
  answer.addEventListener('submit', (event) => {
    event.preventDefault();
    const { value } = input;
    input.value = '';
    input.blur();
    act(t('reply'), () => call('POST', `${path}/reply`, { text: value }));
  });
  const events = ['delivered', 'failed', 'opened', 'complained'].map((name) =>
    makeButton(name, () => call('POST', `${path}/events`, { event: name })),
  );
  return make(
    'div',
    'row',
    make('p', '', mail.subject || '—'),
    make('p', 'muted', facts.join(' · ')),
    make('div', 'body', mail.text),
    make('div', 'actions', ...events),
    answer,
  );
}

function makeOrder(order) {
  const path = `/lab/shopify/orders/${order.id}`;
  const doIt = (key, action, body = {}) => makeButton(key, () => call('POST', `${path}/${action}`, body));
  const line = order.line_items.find((item) => item.current_quantity > 0);
  const name = [order.customer?.first_name, order.customer?.last_name].filter(Boolean).join(' ') || order.email || '—';
  const facts = [
    order.financial_status,
    order.fulfillment_status ?? 'unfulfilled',
    order.cancelled_at ? 'cancelled' : '',
    ...order.fulfillments.map((parcel) => parcel.tracking_number),
  ];
  return make(
    'div',
    'row',
    make('p', '', `${order.name} · ${name} · ${order.current_total_price} ${order.currency}`),
    make('p', 'muted', facts.filter(Boolean).join(' · ')),
    make('p', 'muted', order.line_items.map((item) => `${item.current_quantity} × ${item.title}`).join(', ')),
    make(
      'div',
      'actions',
      doIt('pay', 'pay'),
      doIt('ship', 'ship', {
        carrier: 'SF Express',
        trackingNumber: `SF${order.id}`,
        trackingUrl: `https://track.example/SF${order.id}`,
      }),
      doIt('deliver', 'track', { status: 'delivered' }),
      ...(line ? [doIt('refundOne', 'refund', { lines: [{ lineId: line.id, quantity: 1 }] })] : []),
      doIt('refundAll', 'refund'),
      doIt('cancel', 'cancel'),
      doIt('addNote', 'edit', { note: new Date().toLocaleString(language) }),
      makeButton('remove', () => call('DELETE', path)),
    ),
  );
}

function makeFault(platform, fault) {
  const facts = [
    fault.remaining === null ? t('always') : t('left', { n: fault.remaining }),
    t('struck', { n: fault.strikes }),
    fault.recipient,
    fault.topic,
  ];
  return make(
    'div',
    'row',
    make('p', '', `${platform} · ${fault.kind}`),
    make('p', 'muted', facts.filter(Boolean).join(' · ')),
    make(
      'div',
      'actions',
      makeButton('remove', () => call('DELETE', `/lab/${platform}/faults/${fault.id}`)),
    ),
  );
}

function makeDelivery(delivery) {
  return make(
    'div',
    'row',
    make(
      'p',
      delivery.state === 'failed' ? 'bad' : '',
      `${delivery.platform} · ${delivery.topic} → ${describe(delivery)}`,
    ),
    make('p', 'muted', [showTime(delivery.at), delivery.url].join(' · ')),
  );
}

function fillAccounts(form, accounts, emptyKey) {
  const select = find(form).elements.accountId;
  const ids = accounts.map((account) => account.id).join();
  if (select.dataset.ids === `${language}:${ids}`) return;
  select.dataset.ids = `${language}:${ids}`;
  const options = accounts.map(
    (account) => new Option(`${account.address ?? account.serverUrl} (${account.id})`, account.id),
  );
  select.replaceChildren(...(options.length > 0 ? options : [new Option(t(emptyKey), '')]));
}

function makeVisitor(visitor) {
  const path = `/lab/web-chat/visitors/${visitor.id}`;
  const doIt = (key, action, body = {}) => makeButton(key, () => call('POST', `${path}/${action}`, body));
  const { state } = visitor.conversation;
  const facts = [
    t({ none: 'stateNone', open: 'stateOpen', resolved: 'stateResolved' }[state]),
    visitor.isOffline ? t('offlineNow') : t('tabs', { n: visitor.connected }),
    visitor.identified ? t('signedIn') : '',
    visitor.waiting.length > 0 ? t('queued', { n: visitor.waiting.length }) : '',
    visitor.agentTyping ? t('agentTyping') : '',
    visitor.problems.at(-1),
  ];
  const input = make('input');
  input.placeholder = t('sayPlaceholder');
  input.setAttribute('aria-label', t('sayPlaceholder'));
  const say = make('form', 'answer', input, make('button', '', t('say')));
  say.addEventListener('submit', (event) => {
    event.preventDefault();
    const { value } = input;
    input.value = '';
    input.blur();
    act(t('say'), () => call('POST', `${path}/messages`, { text: value }));
  });
  const lines = visitor.messages
    .slice(-12)
    .map(
      (message) => `${message.author === 'visitor' ? '→' : '←'} ${message.text || `[${message.attachments.length}]`}`,
    );
  return make(
    'div',
    'row',
    make('p', '', visitor.name || t('anonymous')),
    make('p', 'muted', [visitor.id, ...facts].filter(Boolean).join(' · ')),
    make('div', 'body', lines.join('\n')),
    make(
      'div',
      'actions',
      doIt('sayThrice', 'messages', { text: new Date().toLocaleTimeString(language), times: 3 }),
      doIt('typing', 'typing', { typing: true }),
      doIt('stopTyping', 'typing', { typing: false }),
      doIt('addTab', 'tabs', { count: visitor.tabs.length + 1 }),
      doIt('cutLine', 'cut'),
      visitor.isOffline ? doIt('goOnline', 'online') : doIt('goOffline', 'offline'),
      ...(visitor.conversation.askRating
        ? [doIt('rateGood', 'rating', { score: 5 }), doIt('rateBad', 'rating', { score: 1 })]
        : []),
      makeButton('leave', () => call('DELETE', path)),
    ),
    say,
  );
}

async function refresh() {
  try {
    const get = (path) => call('GET', `/lab/${path}`);
    const [
      accounts,
      outbox,
      stores,
      mailFaults,
      shopFaults,
      settings,
      deliveries,
      chats,
      visitors,
      chatFaults,
      chatSettings,
    ] = await Promise.all(
      [
        'mailgun/accounts',
        'mailgun/outbox',
        'shopify/stores',
        'mailgun/faults',
        'shopify/faults',
        'mailgun/settings',
        'deliveries',
        'web-chat/accounts',
        'web-chat/visitors',
        'web-chat/faults',
        'web-chat/settings',
      ].map(get),
    );
    const orders = stores.items.length > 0 ? await get('shopify/orders') : { items: [] };
    fillAccounts('write', accounts.items, 'noAccount');
    fillAccounts('visitor', chats.items, 'noChat');
    fill('visitors', visitors.items.slice(0, 50).map(makeVisitor), 'noVisitors');
    find('silent').checked = chatSettings.deliveredAfterMs === null;
    fill('outbox', outbox.items.slice(0, 50).map(makeSent), 'noOutbox');
    fill('orders', orders.items.slice(0, 50).map(makeOrder), 'noOrders');
    fill(
      'faults',
      [
        ...mailFaults.items.map((fault) => makeFault('mailgun', fault)),
        ...shopFaults.items.map((fault) => makeFault('shopify', fault)),
        ...chatFaults.items.map((fault) => makeFault('web-chat', fault)),
      ],
      'noFaults',
    );
    fill('deliveries', deliveries.items.slice(0, 50).map(makeDelivery), 'noDeliveries');
    find('auto').checked = settings.autoDeliver;
  } catch (error) {
    report(false, error.message);
  }
}

function readFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      resolve({
        name: file.name,
        contentType: file.type || 'application/octet-stream',
        contentBase64: String(reader.result).split(',')[1] ?? '',
      });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

find('write').addEventListener('submit', (event) => {
  event.preventDefault();
  const { accountId, fromName, fromAddress, subject, text, html, files, form } = event.target.elements;
  act(t('send'), async () => {
    const attachments = await Promise.all([...files.files].map(readFile));
    return call('POST', '/lab/mailgun/inbound', {
      ...(accountId.value ? { accountId: accountId.value } : {}),
      from: { name: fromName.value, address: fromAddress.value },
      subject: subject.value,
      ...(text.value ? { text: text.value } : {}),
      ...(html.value ? { html: html.value } : {}),
      ...(attachments.length > 0 ? { attachments } : {}),
      ...(form.value ? { form: form.value } : {}),
    });
  });
});

find('order').addEventListener('submit', (event) => {
  event.preventDefault();
  const { name, email, title, quantity, price, currency, paid } = event.target.elements;
  const [firstName = '', ...rest] = name.value.trim().split(/\s+/);
  act(t('placeOrder'), () =>
    call('POST', '/lab/shopify/orders', {
      currency: currency.value,
      lines: [{ title: title.value, quantity: Number(quantity.value), price: price.value }],
      customer: name.value || email.value ? { firstName, lastName: rest.join(' '), email: email.value || null } : null,
      paid: paid.checked,
    }),
  );
});

find('visitor').addEventListener('submit', (event) => {
  event.preventDefault();
  const { accountId, name, email, text } = event.target.elements;
  act(t('openVisitor'), async () => {
    const visitor = await call('POST', '/lab/web-chat/visitors', {
      accountId: accountId.value,
      language,
      ...(name.value || email.value ? { profile: { name: name.value, email: email.value } } : {}),
    });
    if (text.value) await call('POST', `/lab/web-chat/visitors/${visitor.id}/messages`, { text: text.value });
  });
});
find('silent').addEventListener('change', (event) =>
  act(t('receiptsNever'), () =>
    call('PATCH', '/lab/web-chat/settings', { deliveredAfterMs: event.target.checked ? null : 0 }),
  ),
);

function fillKinds() {
  const { platform, kind } = find('fault').elements;
  kind.replaceChildren(...kinds[platform.value].map((name) => new Option(name)));
}
find('fault').elements.platform.addEventListener('change', fillKinds);
find('fault').addEventListener('submit', (event) => {
  event.preventDefault();
  const { platform, kind, count, sticky } = event.target.elements;
  act(t('addFault'), () =>
    call('POST', `/lab/${platform.value}/faults`, {
      kind: kind.value,
      count: sticky.checked ? null : Number(count.value),
    }),
  );
});
find('auto').addEventListener('change', (event) =>
  act(t('autoDeliver'), () => call('PATCH', '/lab/mailgun/settings', { autoDeliver: event.target.checked })),
);

function showLanguage() {
  document.documentElement.lang = language;
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  find('language').textContent = t('switchTo');
}
find('language').addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  localStorage.setItem('language', language);
  showLanguage();
  refresh();
});

fillKinds();
showLanguage();
refresh();
setInterval(refresh, 3000);
