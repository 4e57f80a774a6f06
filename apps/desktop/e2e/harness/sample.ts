import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { DirectoryEntry } from '@tradewind/shared/schemas/directory';
import type { Order } from '@tradewind/shared/schemas/order';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import type { ThreadMessage } from '../../src/renderer/desk/types.ts';

const random = createRandom(7);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** All made-up instants hang on this one, so that screenshots can be compared. */
export const now = Date.now();

export const me = { id: 'a1', name: '林晓', email: 'lin@tradewind.example', role: 'agent' as const };

export const directory: DirectoryEntry[] = [
  { kind: 'agent', ...me, teamIds: [], disabled: false, createdSeq: 1 },
  {
    kind: 'agent',
    id: 'a2',
    name: 'Maya Okafor',
    email: 'maya@tradewind.example',
    role: 'agent',
    teamIds: [],
    disabled: false,
    createdSeq: 2,
  },
  {
    kind: 'agent',
    id: 'a3',
    name: 'Alexandria Konstantinopoulou-Montgomery',
    email: 'alex@tradewind.example',
    role: 'admin',
    teamIds: [],
    disabled: false,
    createdSeq: 3,
  },
  {
    kind: 'channel',
    id: 'c1',
    name: 'Support mail',
    channelKind: 'mailgun',
    teamIds: [],
    address: 'support@shop.example',
    createdSeq: 4,
  },
  { kind: 'channel', id: 'c2', name: 'Website', channelKind: 'web-chat', teamIds: [], address: '', createdSeq: 5 },
  {
    kind: 'store',
    id: 's1',
    name: 'Lantern & Loom',
    storeKind: 'shopify',
    teamIds: [],
    address: 'lantern.example',
    createdSeq: 6,
  },
];

const NAMES = [
  '李雷',
  'Amélie Dubois',
  'محمد عبد الرحمن',
  'Sven Åkesson',
  '王小明',
  'Priya Raghunathan',
  'Ngọc Trần',
  '佐藤 花子',
  'Wolfeschlegelsteinhausenbergerdorff-Smythe von und zu Hohenlohe',
  'דוד כהן',
  'Olena Шевченко',
  '🌊 Marina',
  'Tom Baker',
  '陈静怡',
];
const SUBJECTS = [
  'Re: 订单 #1001 还没收到货',
  'Where is my lamp? 🪔',
  'سؤال عن الطلب رقم 1042',
  'Refund for order #1017',
  '能开增值税发票吗？',
  'Wrong colour delivered',
  'Change of address before shipping, please read until the end because the house number is new',
  '尺码换货',
  'Thank you',
  '',
  'Bulk order for our hotel: 240 table lamps',
  '灯泡坏了，怎么办',
];
const TEXTS = [
  '你好，我上周下的订单到现在还没有物流信息，能帮我查一下吗？谢谢。',
  'Hi, I ordered two lamps last week and only one of them came. The box was open on one side.\n\nTracking says delivered: https://track.example/1Z999AA10123456784.\n\nBest\nTom',
  'مرحبا، أريد أن أعرف متى يصل طلبي. شكرا جزيلا لكم على المساعدة 🙏',
  'Could you also tell me whether the 5700 K bulb fits?',
  '好的，我等你们消息。',
];
const ANSWERS = [
  '你好，已经帮你查到：包裹昨天到了杭州分拨中心，预计明天派送。运单号 SF1234567890。',
  'Hello Tom,\n\nI am sorry about that. The second lamp was packed separately and left our warehouse this morning; it should reach you on Thursday.\n\nKind regards\nMaya',
  'Thank you for the photo. A replacement is on its way, you need not send the broken one back.',
];

function makeCustomer(index: number): Customer {
  const name = NAMES[index % NAMES.length] ?? '';
  return {
    id: `u${index}`,
    name,
    identities: [{ kind: 'email', scope: '', value: `customer${index}@mail.example`, claimed: false }],
    emails: [
      `customer${index}@mail.example`,
      ...(index % 5 === 0 ? ['a.very.long.second.address.for.invoices@subsidiary.department.company.example'] : []),
    ],
    phones: index % 2 ? [] : ['+8613800138000'],
    locale: index % 3 ? 'zh-CN' : 'en-GB',
    tags: index % 4 ? [] : ['VIP'],
    attributes: {},
    optOuts: [],
    mergedInto: null,
    createdAt: now - (40 + index) * DAY,
    createdSeq: index + 10,
  };
}

const customers = NAMES.concat(NAMES, NAMES, NAMES).map((_, index) => makeCustomer(index));
/** Nobody vouches for these: the first typed an address and nothing else, the second a name. */
customers[2] = {
  ...makeCustomer(2),
  name: '',
  emails: [],
  phones: [],
  tags: [],
  locale: 'zh-CN',
  identities: [
    { kind: 'external', scope: 'c2', value: '0198a2b4-1111-7222-8333-444455556666', claimed: false },
    { kind: 'email', scope: '', value: 'a.visitor.with.a.long.address@mail.example', claimed: true },
  ],
  attributes: { page: 'https://shop.example/lamps/cloud?variant=warm-white' },
};
customers[5] = {
  ...makeCustomer(5),
  emails: [],
  phones: [],
  identities: [{ kind: 'external', scope: 'c2', value: 'visitor-5', claimed: false }],
  attributes: { page: 'https://shop.example/' },
};

function makeMessage(
  conversation: { id: string; channelAccountId: string },
  index: number,
  at: number,
  customer: Customer,
  fields: Partial<ThreadMessage> = {},
): ThreadMessage {
  const out = index % 3 === 1;
  return {
    id: `${conversation.id}-m${index}`,
    conversationId: conversation.id,
    channelAccountId: conversation.channelAccountId,
    direction: out ? 'out' : 'in',
    kind: 'text',
    urgency: 'normal',
    authorType: out ? 'agent' : 'customer',
    authorId: out ? pick(random, ['a1', 'a2']) : customer.id,
    from: out
      ? { name: 'Support', address: 'support@shop.example' }
      : { name: customer.name, address: customer.emails[0] ?? 'visitor' },
    to: [{ name: '', address: out ? (customer.emails[0] ?? '') : 'support@shop.example' }],
    cc: [],
    bcc: [],
    replyToAddresses: [],
    subject: '',
    text: pick(random, out ? ANSWERS : TEXTS),
    html: null,
    attachments: [],
    mentions: [],
    status: out ? pick(random, ['sent', 'delivered', 'read'] as const) : 'received',
    failure: null,
    externalId: `<${conversation.id}.${index}@mail.example>`,
    references: [],
    replyTo: null,
    sentAt: at,
    receivedAt: at,
    createdSeq: 1000 + index,
    deleted: false,
    edits: [],
    local: false,
    ...fields,
  };
}

const HOSTILE = `<style>body{display:none}</style><h1>Hello <script>window.hacked=1</script></h1><p style="position:fixed;inset:0;background:red">Please see <a href="javascript:window.hacked=2">this</a> and <a href="https://shop.example/x">that</a>.</p>
<img src=x onerror="window.hacked=3"><img data-remote-src="https://tracker.example/p.gif" alt="Spring sale"><img src="https://tracker.example/1.gif" width="1" height="1"><svg onload="window.hacked=4"></svg><iframe src="javascript:parent.hacked=5"></iframe>
<table><tr><td>Lamp</td><td>2</td></tr><tr><td>Bulb</td><td>4</td></tr></table><ul><li>one</li><li>two</li></ul><p>On Monday, Maya Okafor wrote:</p><br> <blockquote><p>We will look into it.</p></blockquote>`;

/** A conversation of the website's chat with somebody who gave no name, and the one that was rated. */
const CHAT_ID = 'v2';
const RATED_ID = 'v5';

const LONG_WORD = 'https://shop.example/lamps/cloud?variant=warm-white&utm_source=newsletter&utm_campaign='.padEnd(
  160,
  'x',
);

function makeChat(conversation: Conversation, customer: Customer): ThreadMessage[] {
  const last = conversation.lastMessageAt;
  const theirs = { direction: 'in', authorType: 'customer', authorId: customer.id, status: 'received' } as const;
  const ours = { direction: 'out', authorType: 'agent', authorId: 'a1' } as const;
  const chat = (index: number, minutesAgo: number, fields: Partial<ThreadMessage>) =>
    makeMessage(conversation, index, last - minutesAgo * MINUTE, customer, {
      from: { name: '', address: '0198a2b4-1111-7222-8333-444455556666' },
      ...fields,
    });
  return [
    chat(0, 30, { ...theirs, text: '在吗？' }),
    chat(1, 29.8, { ...theirs, text: '👋' }),
    chat(2, 29.5, { ...theirs, text: `这款灯还有暖白的吗？${LONG_WORD}` }),
    chat(3, 28, { ...ours, status: 'read', text: '在的，请稍等，我查一下库存。' }),
    chat(4, 26, {
      ...ours,
      status: 'read',
      text: 'There are four left of the warm white one, and the cold white one comes back on Monday.',
    }),
    chat(5, 20, {
      ...theirs,
      text: '',
      attachments: [
        { id: 'p1', name: 'IMG_2041.jpeg', contentType: 'image/jpeg', sizeBytes: 48_213, sha256: 'x' },
        { id: 'p2', name: '报价单 2026-01.pdf', contentType: 'application/pdf', sizeBytes: 120_000, sha256: 'y' },
      ],
    }),
    chat(6, 19.5, { ...theirs, text: '😂😂' }),
    chat(7, 12, { ...ours, status: 'delivered', text: '收到，这是另一款，我帮你换。' }),
    chat(8, 11, { ...ours, status: 'failed', failure: { kind: 'too-large', text: '' }, text: '新的报价单在附件里。' }),
    chat(9, 0, { ...theirs, text: 'Thank you! How long does shipping to 上海 take?' }),
  ];
}

function makeThread(conversation: Conversation, index: number, customer: Customer): ThreadMessage[] {
  const last = conversation.lastMessageAt;
  if (index === 4)
    return Array.from({ length: 10_000 }, (_, at) =>
      makeMessage(conversation, at, last - (10_000 - at) * 7 * MINUTE, customer),
    );
  if (conversation.id === CHAT_ID) return makeChat(conversation, customer);
  if (index === 0) {
    return [
      makeMessage(conversation, 0, last - 2 * DAY, customer, {
        text: `你好，订单 #1001 还没收到货 😟 能查一下吗？\n\nOn Mon, 5 Jan 2026, Support <support@shop.example> wrote:\n> Thank you for your order.\n> We will write again when it ships.`,
        attachments: [
          {
            id: 'f1',
            name: '照片 包装盒 侧面破损 很长的文件名 IMG_20260105_101112.jpeg',
            contentType: 'image/jpeg',
            sizeBytes: 2_481_203,
            sha256: 'x',
          },
          { id: 'f2', name: 'invoice.pdf', contentType: 'application/pdf', sizeBytes: 48_213, sha256: 'y' },
        ],
      }),
      makeMessage(conversation, 1, last - 2 * DAY + HOUR, customer, { status: 'delivered', authorId: 'a1' }),
      makeMessage(conversation, 2, last - DAY, customer, {
        kind: 'event',
        authorType: 'system',
        text: '#1001 已发货 · SF Express',
        direction: 'in',
      }),
      makeMessage(conversation, 3, last - DAY + HOUR, customer, {
        kind: 'note',
        direction: 'out',
        authorType: 'agent',
        authorId: 'a2',
        text: '已经联系仓库，破损件明天补发。\n@林晓 请留意客户回复。',
      }),
      makeMessage(conversation, 4, last - 3 * HOUR, customer, { html: HOSTILE, text: 'Hello' }),
      makeMessage(conversation, 5, last - 2 * HOUR, customer, {
        direction: 'out',
        authorType: 'agent',
        authorId: 'a1',
        status: 'failed',
        failure: { kind: 'bounced', text: '550 5.1.1 no such user' },
        text: '补发的包裹今天寄出。',
      }),
      makeMessage(conversation, 6, last - HOUR, customer, {
        direction: 'out',
        authorType: 'agent',
        authorId: 'a1',
        status: 'unknown',
        text: '另外，退款 ¥128.00 已提交，预计三个工作日内到账。',
      }),
      makeMessage(conversation, 7, last - 30 * MINUTE, customer, {
        direction: 'out',
        authorType: 'bot',
        authorId: null,
        status: 'read',
        text: 'Your parcel arrives tomorrow between 9:00 and 12:00.',
        from: { name: 'Parcel bot', address: '' },
      }),
      makeMessage(conversation, 8, last, customer, {
        text: '好的，谢谢你们 🙏',
        direction: 'in',
        authorType: 'customer',
        status: 'received',
      }),
      makeMessage(conversation, 9, last + MINUTE, customer, {
        direction: 'out',
        authorType: 'agent',
        authorId: 'a1',
        status: 'queued',
        local: true,
        text: '不客气，有问题随时找我。',
      }),
    ];
  }
  return Array.from({ length: 2 + (index % 7) }, (_, at) =>
    makeMessage(conversation, at, last - (6 - at) * 5 * HOUR, customer),
  );
}

function makeConversation(index: number): Conversation {
  const status = pick(random, ['pending', 'open', 'open', 'snoozed', 'resolved'] as const);
  const at = now - Math.floor(index * index * 9 * MINUTE + random() * HOUR);
  return {
    id: `v${index}`,
    customerId: `u${index % customers.length}`,
    channelAccountId: index % 3 === 2 ? 'c2' : 'c1',
    channelKind: index % 3 === 2 ? 'web-chat' : 'mailgun',
    subject: index % 3 === 2 ? '' : (SUBJECTS[index % SUBJECTS.length] ?? ''),
    status: index < 6 ? 'open' : status,
    assigneeId: index < 6 || index % 3 === 0 ? 'a1' : pick(random, ['a2', 'a3', null]),
    teamId: null,
    priority: 'normal',
    tags: index === 0 ? ['物流', 'VIP', 'damaged on arrival'] : index % 4 === 1 ? ['refund'] : [],
    participants: index % 3 === 2 ? [`visitor-${index}`] : [`customer${index}@mail.example`],
    preview: pick(random, TEXTS).split('\n')[0] ?? '',
    lastMessageAt: at,
    waitingSince: index % 2 || index === 0 ? at : null,
    firstRepliedAt: at,
    resolvedAt: null,
    snoozedUntil: status === 'snoozed' && index >= 6 ? now + DAY : null,
    previousId: null,
    replyWindow: null,
    ...(`v${index}` === RATED_ID && {
      satisfaction: { score: 4, comment: '回复很快，就是等了一会儿。Thank you, Lin!', at: at + HOUR },
    }),
    createdAt: at - DAY,
    createdSeq: 100 + index,
  };
}

const conversations = Array.from({ length: 240 }, (_, index) => makeConversation(index));
const messages = conversations.map((conversation, index) => {
  const customer = customers[index % customers.length];
  return customer ? makeThread(conversation, index, customer) : [];
});

function makeOrder(index: number, customerId: string, fields: Partial<Order>): Order {
  return {
    id: `o${customerId}-${index}`,
    storeId: 's1',
    externalId: `${index}`,
    number: `#${1001 + index}`,
    status: 'shipped',
    financialStatus: 'paid',
    fulfilmentStatus: 'fulfilled',
    cancelledAt: null,
    cancelReason: null,
    currency: 'CNY',
    totalMinor: 38_600,
    currentTotalMinor: 25_800,
    subtotalMinor: 38_600,
    taxMinor: 0,
    discountMinor: 0,
    refundedMinor: 12_800,
    refunds: [
      { externalId: 'r1', amountMinor: 12_800, currency: 'CNY', note: '灯罩破损', createdAt: now - DAY, lines: [] },
    ],
    lines: [
      {
        externalId: 'l1',
        title: '云纹纸灯 · 暖白',
        sku: 'LAMP-CLOUD-W',
        quantity: 2,
        currentQuantity: 1,
        unitPriceMinor: 12_800,
        productId: null,
        variantId: null,
      },
      {
        externalId: 'l2',
        title: 'Hand-woven cable, three metres, natural linen with brass fittings',
        sku: 'CABLE-3M',
        quantity: 1,
        currentQuantity: 1,
        unitPriceMinor: 13_000,
        productId: null,
        variantId: null,
      },
    ],
    fulfilments: [
      {
        externalId: 'f1',
        trackingNumber: 'SF1234567890',
        carrier: 'SF Express',
        url: 'https://track.example/SF1234567890',
        status: 'success',
        shipmentStatus: 'in_transit',
        updatedAt: now,
      },
    ],
    customerId,
    email: null,
    phone: null,
    shippingAddress: {
      name: '李雷',
      company: '',
      line1: '文三路 1 号',
      line2: '',
      city: '杭州',
      region: '浙江',
      postalCode: '310000',
      country: 'CN',
      phone: '',
    },
    note: '',
    tags: [],
    placedAt: now - 6 * DAY,
    version: 3,
    externalUpdatedAt: now,
    deleted: false,
    test: false,
    createdSeq: 1,
    ...fields,
  };
}

const orders = customers.flatMap((customer, index) =>
  index % 4 === 3
    ? []
    : [
        makeOrder(0, customer.id, {}),
        makeOrder(1, customer.id, {
          currency: 'JPY',
          totalMinor: 12_000,
          currentTotalMinor: 12_000,
          refundedMinor: 0,
          refunds: [],
          status: 'processing',
          fulfilments: [],
        }),
        makeOrder(2, customer.id, {
          currency: 'KWD',
          totalMinor: 12_345,
          currentTotalMinor: 0,
          refundedMinor: 12_345,
          status: 'cancelled',
          cancelledAt: now - DAY,
          cancelReason: 'customer',
          fulfilments: [],
        }),
      ],
);

export const sample = {
  customers: new Map(customers.map((customer) => [customer.id, customer])),
  conversations: new Map(conversations.map((conversation) => [conversation.id, conversation])),
  messages: new Map(conversations.map((conversation, index) => [conversation.id, messages[index] ?? []])),
  orders,
};
