import type { ShellPreferences } from '@tradewind/shared/ipc/bridge';

const en = {
  about: 'About Tradewind',
  away: 'Away',
  close: 'Close window',
  copy: 'Copy',
  copyAddress: 'Copy address',
  crashed: 'The window keeps closing unexpectedly.',
  crashedDetail: 'What you wrote is kept on this device. Try again, or quit and start Tradewind anew.',
  cut: 'Cut',
  damaged: 'The settings could not be read.',
  damagedDetail: 'Tradewind goes on with its usual settings. The damaged file was kept: {file}',
  developer: 'Developer tools',
  edit: 'Edit',
  file: 'File',
  fullScreen: 'Full screen',
  help: 'Help',
  hide: 'Hide Tradewind',
  hideOthers: 'Hide others',
  logOut: 'Log out…',
  minimize: 'Minimise',
  newConversation: 'New conversation',
  online: 'Online',
  paste: 'Paste',
  quit: 'Quit Tradewind',
  redo: 'Redo',
  reload: 'Reload',
  resetZoom: 'Actual size',
  selectAll: 'Select all',
  servers: 'Servers…',
  settings: 'Settings…',
  shortcuts: 'Keyboard shortcuts',
  show: 'Show Tradewind',
  tryAgain: 'Try again',
  undo: 'Undo',
  unread: '{count} unread',
  view: 'View',
  window: 'Window',
  zoomIn: 'Larger',
  zoomOut: 'Smaller',
};
export type Words = Readonly<typeof en>;

const zhCn: Words = {
  about: '关于信风',
  away: '离开',
  close: '关闭窗口',
  copy: '复制',
  copyAddress: '复制地址',
  crashed: '窗口多次意外关闭。',
  crashedDetail: '你写的内容已保存在此设备上。请重试，或退出后重新启动信风。',
  cut: '剪切',
  damaged: '无法读取设置。',
  damagedDetail: '信风将使用默认设置。损坏的文件已保留：{file}',
  developer: '开发者工具',
  edit: '编辑',
  file: '文件',
  fullScreen: '全屏',
  help: '帮助',
  hide: '隐藏信风',
  hideOthers: '隐藏其他',
  logOut: '退出登录…',
  minimize: '最小化',
  newConversation: '新建会话',
  online: '在线',
  paste: '粘贴',
  quit: '退出信风',
  redo: '重做',
  reload: '重新加载',
  resetZoom: '实际大小',
  selectAll: '全选',
  servers: '服务器…',
  settings: '设置…',
  shortcuts: '键盘快捷键',
  show: '显示信风',
  tryAgain: '重试',
  undo: '撤销',
  unread: '{count} 条未读',
  view: '显示',
  window: '窗口',
  zoomIn: '放大',
  zoomOut: '缩小',
};

/** The words of menu, tray and dialogs: the main process has no screens and needs no library for these few. */
export function wordsIn(language: ShellPreferences['language']): Words {
  return language === 'zh-CN' ? zhCn : en;
}

/** The first of the system's languages we speak, until the console says which one it shows. */
export function systemLanguage(languages: readonly string[]): ShellPreferences['language'] {
  const spoken = languages.find((language) => /^(zh|en)\b/i.test(language));
  return spoken !== undefined && /^zh/i.test(spoken) ? 'zh-CN' : 'en';
}

export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (_match, name: string) => String(values[name] ?? ''));
}
