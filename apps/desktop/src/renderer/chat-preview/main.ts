/*
 * A page that stands for the shop's website: the chat of one account and nothing else, to try it before the script tag is
 * anywhere. The chat comes by the very tag that websites use.
 */

const WORDS = {
  en: {
    title: 'This page stands for your website',
    text: 'Open the chat in the corner and write as a visitor would. The conversation is at your desk a moment later; what you answer there appears here.',
    missing: 'The address of this page lacks the account of a chat. Open it from the settings of the chat.',
  },
  'zh-CN': {
    title: '这个页面代表你的网站',
    text: '点开角落里的聊天，像访客那样写一条。片刻之后会话会出现在你的工作台；你在那里的回复会显示在这里。',
    missing: '这个页面的地址里没有聊天账号，请从聊天的设置中打开。',
  },
} as const;

const language = navigator.languages.find((each) => /^(zh|en)\b/i.test(each)) ?? 'en';
const words = WORDS[/^zh\b/i.test(language) ? 'zh-CN' : 'en'];
const accountId = new URLSearchParams(window.location.search).get('account');

function add(tag: 'h1' | 'p', text: string): void {
  const element = document.createElement(tag);
  element.textContent = text;
  document.querySelector('main')?.append(element);
}

document.documentElement.lang = words === WORDS.en ? 'en' : 'zh-CN';
document.title = words.title;
add('h1', words.title);
add('p', accountId === null ? words.missing : words.text);

if (accountId !== null) {
  const script = document.createElement('script');
  script.src = '/chat/widget.js';
  script.dataset.account = accountId;
  script.async = true;
  document.body.append(script);
}
