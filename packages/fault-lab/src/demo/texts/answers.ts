/** What customers write back to an agent's reply, while the demo runs. */
export const liveAnswers: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: [
    'Thank you, that helps.',
    'Thanks for the quick reply! One more thing: will I get a confirmation by mail?',
    'OK, I will wait until tomorrow then.',
    'Hm, I am not sure I understand. Do I have to do anything on my side?',
    'Perfect, thank you very much 😊',
    'That is not quite what I asked. I would like to know the date.',
    'Great. Could you send it to my office address instead?',
    'Understood. Please close the case, everything is fine now.',
    'I have just checked and it still shows the old status.',
    'Wonderful, you saved my weekend.',
  ],
  zh: [
    '好的，谢谢！',
    '收到，那我等通知。另外会有短信提醒吗？',
    '明白了，明天再看看。',
    '不太明白，我这边还需要做什么吗？',
    '太好了，非常感谢 😊',
    '我问的不是这个，我想知道具体是哪一天。',
    '可以的话麻烦寄到公司地址。',
    '没问题了，可以结束了。',
    '刚刚看了，状态还是没有变。',
    '辛苦啦，周末愉快！',
  ],
};
