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

/** What visitors say in the chat once the talk has left its plan. */
export const liveChatAnswers: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: [
    'ok, thanks!',
    'got it 👍',
    'and how long will that take?',
    'could you send me a link?',
    'perfect, that helps a lot',
    'one sec, let me check',
    'yes please',
    'hm, I still see the old price',
    'is that the same for gift orders?',
    'great, nothing else from me 🙂',
  ],
  zh: [
    '好的谢谢',
    '明白了 👍',
    '大概要多久呀',
    '能发个链接给我吗',
    '太好了，帮大忙了',
    '稍等，我看一下',
    '可以的，麻烦了',
    '我这边看到的还是原价',
    '那送人的也一样吗',
    '没有别的问题啦 🙂',
  ],
};

/** After minutes without an answer. */
export const nudges: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: ['Hello? Anyone there?', 'still waiting 🙂'],
  zh: ['在吗？', '有人吗'],
};

/** Ratings, the good ones more often. */
export const liveRatings: Readonly<Record<'en' | 'zh', readonly (readonly [score: number, comment: string])[]>> = {
  en: [
    [5, 'Quick and kind.'],
    [5, ''],
    [5, 'Best support I have had in a while'],
    [4, ''],
    [4, 'Good, but I had to wait a bit.'],
    [2, 'My question was not really answered.'],
  ],
  zh: [
    [5, '很有耐心'],
    [5, ''],
    [5, '解决得很快'],
    [4, ''],
    [4, '等了一会儿，不过解决了'],
    [2, '没太解决我的问题'],
  ],
};
