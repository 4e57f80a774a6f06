export type CustomerLanguage = 'en' | 'zh' | 'ja' | 'ar' | 'he';

export interface DemoCustomer {
  key: string;
  firstName: string;
  lastName: string;
  /** As it stands in the From line. */
  fullName: string;
  /** How letters address them. */
  calledName: string;
  email: string;
  phone: string;
  language: CustomerLanguage;
  country: string;
  countryCode: string;
  city: string;
  street: string;
  currency: 'JPY' | 'KWD' | 'CNY' | 'USD' | 'EUR';
}

interface Place {
  country: string;
  countryCode: string;
  currency: DemoCustomer['currency'];
  phonePrefix: string;
  cities: readonly (readonly [city: string, street: string])[];
}

const places = {
  us: {
    country: 'United States',
    countryCode: 'US',
    currency: 'USD',
    phonePrefix: '+1415555',
    cities: [
      ['Portland', '1820 NE Alberta St'],
      ['Chicago', '44 W Randolph St'],
      ['Austin', '907 Congress Ave'],
    ],
  },
  eu: {
    country: 'Germany',
    countryCode: 'DE',
    currency: 'EUR',
    phonePrefix: '+49301234',
    cities: [
      ['Berlin', 'Oranienstraße 14'],
      ['Hamburg', 'Lange Reihe 71'],
      ['Leipzig', 'Karl-Heine-Straße 5'],
    ],
  },
  cn: {
    country: '中国',
    countryCode: 'CN',
    currency: 'CNY',
    phonePrefix: '+861380013',
    cities: [
      ['杭州', '西湖区文三路 138 号'],
      ['上海', '徐汇区漕溪北路 41 号'],
      ['成都', '锦江区红星路三段 9 号'],
      ['深圳', '南山区科苑路 15 号'],
    ],
  },
  jp: {
    country: '日本',
    countryCode: 'JP',
    currency: 'JPY',
    phonePrefix: '+81312345',
    cities: [
      ['京都市', '中京区寺町通 5-12'],
      ['東京都', '世田谷区北沢 2-8-1'],
    ],
  },
  kw: {
    country: 'Kuwait',
    countryCode: 'KW',
    currency: 'KWD',
    phonePrefix: '+9652245',
    cities: [
      ['Kuwait City', 'Fahad Al-Salem St 22'],
      ['Salmiya', 'Block 4, Street 12'],
    ],
  },
  il: {
    country: 'Israel',
    countryCode: 'IL',
    currency: 'USD',
    phonePrefix: '+9723555',
    cities: [['Haifa', 'Herzl 30']],
  },
} as const satisfies Record<string, Place>;

type Entry = readonly [
  language: CustomerLanguage,
  place: keyof typeof places,
  first: string,
  last: string,
  mailbox: string,
];

// Every mailbox lies in a domain reserved for examples: nothing that leaves by mistake can reach a person.
const entries: readonly Entry[] = [
  ['en', 'eu', 'Mia', 'Berg', 'mia.berg'],
  ['en', 'us', 'Daniel', 'Okafor', 'd.okafor'],
  ['en', 'us', 'Hannah', 'Whitfield', 'hannah.w'],
  ['en', 'eu', 'Jonas', 'Lindqvist', 'jonas.lindqvist'],
  ['en', 'us', 'Priya', 'Raman', 'priya.raman'],
  ['en', 'eu', 'Claire', 'Dubois', 'claire.dubois'],
  ['en', 'us', 'Sean', 'O’Malley', 'sean.omalley'],
  ['en', 'kw', 'Yousef', 'Al-Sabah', 'yousef.alsabah'],
  ['en', 'eu', 'Zoë', 'van der Meer', 'zoe.vandermeer'],
  ['en', 'us', 'Marcus', 'Bell', 'marcus.bell'],
  ['en', 'eu', 'Sofía', 'Núñez', 'sofia.nunez'],
  ['en', 'us', 'Grace', 'Kim', 'grace.kim'],
  ['en', 'eu', 'Łukasz', 'Wójcik', 'lukasz.wojcik'],
  ['en', 'us', 'Tom', 'Hargreaves', 'tom.hargreaves'],
  ['en', 'eu', 'Ingrid', 'Sørensen', 'ingrid.sorensen'],
  ['en', 'us', 'Aaliyah', 'Jackson', 'aaliyah.j'],
  ['en', 'kw', 'Noura', 'Al-Mutairi', 'noura.almutairi'],
  ['en', 'eu', 'Matteo', 'Ricci', 'matteo.ricci'],
  ['en', 'us', 'Emily', 'Stone', 'emily.stone'],
  ['en', 'eu', 'Anaïs', 'Laurent', 'anais.laurent'],
  ['en', 'us', 'Victor', 'Hughes', 'victor.hughes'],
  ['en', 'eu', 'Elif', 'Yılmaz', 'elif.yilmaz'],
  ['en', 'us', 'Rosa', 'Delgado', 'rosa.delgado'],
  ['en', 'eu', 'Peter', 'Novák', 'peter.novak'],
  ['ja', 'jp', '花子', '山田', 'hanako.yamada'],
  ['ja', 'jp', '健太', '佐藤', 'kenta.sato'],
  ['ar', 'kw', 'أحمد', 'العلي', 'ahmad.alali'],
  ['ar', 'kw', 'فاطمة', 'الزهراء', 'fatima.z'],
  ['he', 'il', 'נועה', 'כהן', 'noa.cohen'],
  ['he', 'il', 'דוד', 'לוי', 'david.levi'],
  ['zh', 'cn', '雷', '李', 'lilei'],
  ['zh', 'cn', '梅梅', '韩', 'hanmeimei'],
  ['zh', 'cn', '伟', '张', 'zhangwei88'],
  ['zh', 'cn', '静', '王', 'wangjing'],
  ['zh', 'cn', '子涵', '陈', 'chenzihan'],
  ['zh', 'cn', '建国', '刘', 'liujianguo'],
  ['zh', 'cn', '思远', '赵', 'zhaosiyuan'],
  ['zh', 'cn', '雨桐', '周', 'zhouyutong'],
  ['zh', 'cn', '浩然', '孙', 'sunhaoran'],
  ['zh', 'cn', '晓燕', '吴', 'wuxiaoyan'],
  ['zh', 'cn', '宇轩', '徐', 'xuyuxuan'],
  ['zh', 'cn', '诗琪', '林', 'linshiqi'],
  ['zh', 'cn', '志强', '黄', 'huangzhiqiang'],
  ['zh', 'cn', '佳怡', '郑', 'zhengjiayi'],
  ['zh', 'cn', '明', '欧阳', 'ouyangming'],
  ['zh', 'cn', '丽华', '何', 'helihua'],
  ['zh', 'cn', '俊杰', '马', 'majunjie'],
  ['zh', 'cn', '欣妍', '罗', 'luoxinyan'],
  ['zh', 'cn', '国栋', '宋', 'songguodong'],
  ['zh', 'cn', '婷婷', '唐', 'tangtingting'],
  ['zh', 'cn', '博文', '邓', 'dengbowen'],
  ['zh', 'jp', '若曦', '许', 'xuruoxi'],
  ['zh', 'jp', '海涛', '曹', 'caohaitao'],
  ['zh', 'cn', '慧敏', '彭', 'penghuimin'],
  ['zh', 'cn', '翀', '张', 'zhangchong'],
  ['zh', 'cn', '一诺', '高', 'gaoyinuo'],
  ['zh', 'cn', '大鹏', '罗', 'luodapeng'],
  ['zh', 'cn', '小曼', '蒋', 'jiangxiaoman'],
  ['zh', 'jp', '珊珊', '谢', 'xieshanshan'],
  ['zh', 'us', '文博', '冯', 'fengwenbo'],
  // Names that are longer than a list is wide, and two that mix directions with other texts.
  ['en', 'us', 'Maria Fernanda Guadalupe', 'Villanueva y Rodríguez de los Monteros', 'mf.villanueva'],
  ['zh', 'cn', '古丽巴哈尔·阿不都热依木', '', 'gulibahar'],
  ['ar', 'kw', 'عبد الرحمن', 'بن محمد آل إبراهيم الهاشمي', 'abdulrahman'],
  ['he', 'il', 'יעל', 'בן-דוד', 'yael.bd'],
];

const mailDomains: Readonly<Record<CustomerLanguage, string>> = {
  en: 'example.com',
  zh: 'example.cn',
  ja: 'mail.example.jp',
  ar: 'example.net',
  he: 'example.org',
};

function toCustomer([language, place, firstName, lastName, mailbox]: Entry, index: number): DemoCustomer {
  const { cities, phonePrefix, ...home } = places[place];
  const [city, street] = cities[index % cities.length] ?? cities[0];
  const isFamilyNameFirst = language === 'zh' || language === 'ja';
  const fullName = isFamilyNameFirst
    ? `${lastName}${language === 'ja' ? ' ' : ''}${firstName}`
    : `${firstName} ${lastName}`;
  return {
    ...home,
    key: mailbox,
    firstName,
    lastName,
    fullName,
    calledName: language === 'zh' ? fullName : language === 'ja' ? lastName : firstName,
    email: `${mailbox}@${mailDomains[language]}`,
    phone: `${phonePrefix}${String(1000 + index * 37).slice(-4)}`,
    language,
    city,
    street,
  };
}

// They order and never write.
const silentEntries: readonly Entry[] = [
  ['en', 'us', 'Walter', 'Finch', 'walter.finch'],
  ['zh', 'cn', '晨曦', '叶', 'yechenxi'],
];

/** Sixty-four people who write, about half of them Chinese. */
export const writers: readonly DemoCustomer[] = entries.map(toCustomer);
export const silentBuyers: readonly DemoCustomer[] = silentEntries.map((entry, index) =>
  toCustomer(entry, entries.length + index),
);
export const customers: readonly DemoCustomer[] = [...writers, ...silentBuyers];
