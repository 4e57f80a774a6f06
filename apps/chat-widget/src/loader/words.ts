import type { ChatLanguage } from '@tradewind/shared/chat/wire';

export interface LauncherWords {
  /** Name of the area for those who hear the page. */
  chat: string;
  open(unread: number): string;
  close: string;
  failed: string;
}

const en: LauncherWords = {
  chat: 'Chat',
  open: (unread) => {
    if (unread === 0) return 'Open chat';
    return unread === 1 ? 'Open chat, 1 new message' : `Open chat, ${unread} new messages`;
  },
  close: 'Close chat',
  failed: 'The chat could not be loaded. Check your connection and press again.',
};

const zhCn: LauncherWords = {
  chat: '在线聊天',
  open: (unread) => (unread === 0 ? '打开聊天' : `打开聊天，${unread} 条新消息`),
  close: '关闭聊天',
  failed: '聊天加载失败。请检查网络后再点一次。',
};

export const launcherWords: Record<ChatLanguage, LauncherWords> = { en, 'zh-CN': zhCn };
