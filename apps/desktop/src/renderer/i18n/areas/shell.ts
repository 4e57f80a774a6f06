/** Words of one area in both languages: notices, tray, devices and the browser's limits. `zhCn` has the same keys. */
export const shellEn = {
  presence: 'Presence',
  presenceOf: '{{name}}: {{presence}}',
  presence_online: 'Online',
  presence_away: 'Away',
  presence_offline: 'Offline',
  presenceHint: 'Colleagues see it. Visitors are told that somebody is here while one of you is online.',
  sendUnknown: 'It is not known whether a message was sent',
  copyFailed: 'Could not be copied',
} as const;

export const shellZhCn = {
  presence: '在线状态',
  presenceOf: '{{name}}：{{presence}}',
  presence_online: '在线',
  presence_away: '离开',
  presence_offline: '不在线',
  presenceHint: '同事能看到；只要有一人在线，网站访客就会看到有客服在。',
  sendUnknown: '有一条消息不确定是否已发出',
  copyFailed: '未能复制',
} as const;
