/** Words of one area in both languages: conversations of the website chat. `zhCn` has the same keys. */
export const chatEn = {
  visitor: 'Visitor · {{code}}',
  seen: 'Seen',
  typing: '{{name}} is writing',
  rating: 'Rating',
  rated: 'Rated {{score}} of 5',
  notVerified: 'Not verified',
  notVerifiedHint: 'Typed by the visitor, who may be anybody: it opens no orders and joins no other conversation.',
  context: 'On the website',
  page: 'Page',
  language: 'Language',
  noneToStart: 'You can write first by mail only, and no mail account is connected yet. An admin can connect one.',
} as const;

export const chatZhCn = {
  visitor: '访客 · {{code}}',
  seen: '已读',
  typing: '{{name}} 正在输入',
  rating: '评价',
  rated: '评分 {{score}}，满分 5',
  notVerified: '未核实',
  notVerifiedHint: '由访客自己填写，任何人都可能这样写：不会据此显示订单，也不会合并其他会话。',
  context: '网站访问',
  page: '页面',
  language: '语言',
  noneToStart: '只有邮件可以由你先写，目前还没有接入邮件账号，请管理员接入。',
} as const;
