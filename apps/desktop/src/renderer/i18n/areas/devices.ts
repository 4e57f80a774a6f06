/** Words of one area in both languages: this device, who is at it, and what lies on it. `zhCn` has the same keys. */
export const devicesEn = {
  silent:
    'The server cannot be reached, and has not been for 14 days. After so long only the server can let you in: connect to the network and try again.',
  erasedTitle: 'This device was erased',
  erased_revoked: 'Your session on this device was ended from elsewhere.',
  erased_disabled: 'Your account was disabled.',
  erasedHint:
    'Conversations, drafts and what was waiting to be sent have been removed from this device. On the server nothing is lost. If you do not know why, ask your admin.',
  erasedContinue: 'To the log-in',
  sealedTitle: 'No contact for 14 days',
  sealedHint:
    'This device has not reached the server for 14 days, so it shows nothing until it does. Everything is still here, and what waits to be sent will be sent.',
  sealedRetry: 'Try now',
  sealsIn_one: 'Locks in {{count}} day without contact',
  sealsIn_other: 'Locks in {{count}} days without contact',
  kept: 'Kept on this device',
  keptOffline: 'can log in without a network',
  unsent: 'Not sent yet',
  unsentMore_one: 'and {{count}} more',
  unsentMore_other: 'and {{count}} more',
  unsentKept: 'Kept: it is sent once you log in here again. Erased: it is lost.',
  offlineBack:
    'You can come back without a network, with your password; what you do then is sent after a log-in at the server.',
  noOfflineBack: 'You did not type your password here, so coming back needs the network.',
  atRest: 'What lies on this device',
  atRestHint:
    'Conversations, drafts and unsent work lie here so that you can work without a network. Only the encryption of the disk protects them from somebody who takes the disk (FileVault, BitLocker, LUKS): make sure it is on.',
  revokeHint: 'Ending a session erases what lies on that device, including what has not been sent from it.',
} as const;

export const devicesZhCn = {
  silent: '无法连接服务器，而且已经 14 天没有联系。时间太久，只有服务器才能让你登录：请连接网络后重试。',
  erasedTitle: '这台设备上的数据已清除',
  erased_revoked: '你在这台设备上的登录已在别处被结束。',
  erased_disabled: '你的账号已被停用。',
  erasedHint: '会话、草稿和待发送的内容已从这台设备删除，服务器上的内容不受影响。如果不清楚原因，请联系管理员。',
  erasedContinue: '前往登录',
  sealedTitle: '已有 14 天没有联系服务器',
  sealedHint: '这台设备已有 14 天没有联系上服务器，联系上之前不会显示任何内容。数据都还在，待发送的内容之后会发送。',
  sealedRetry: '立即重试',
  sealsIn_other: '再过 {{count}} 天仍未联系就会锁定',
  kept: '保留在这台设备上',
  keptOffline: '没有网络也可以登录',
  unsent: '尚未发送',
  unsentMore_other: '还有 {{count}} 项',
  unsentKept: '保留：你下次在这里登录后发送。清除：内容会丢失。',
  offlineBack: '没有网络时也可以用密码回来；那时做的操作，会在服务器登录后发送。',
  noOfflineBack: '你没有在这里输入过密码，所以再次登录需要网络。',
  atRest: '这台设备上的数据',
  atRestHint:
    '会话、草稿和待发送的内容保存在这里，没有网络也能工作。如果硬盘落入他人之手，只有硬盘加密（FileVault、BitLocker、LUKS）能保护它们：请确认已开启。',
  revokeHint: '结束登录会清除那台设备上的数据，包括尚未发送的内容。',
} as const;
