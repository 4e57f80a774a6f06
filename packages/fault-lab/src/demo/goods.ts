import { toDecimal } from '@tradewind/shared/money';
import type { DemoCustomer } from './people.ts';

interface Item {
  sku: string;
  en: string;
  zh: string;
  ja: string;
  /** US cents; other currencies follow from it. */
  priceCents: number;
}

export const items: readonly Item[] = [
  { sku: 'LS-01', en: 'linen shirt', zh: '亚麻衬衫', ja: 'リネンシャツ', priceCents: 4900 },
  { sku: 'RJ-07', en: 'rain jacket', zh: '防水冲锋衣', ja: 'レインジャケット', priceCents: 11900 },
  { sku: 'TP-22', en: 'ceramic teapot', zh: '手工陶瓷茶壶', ja: '陶器の急須', priceCents: 5800 },
  { sku: 'TM-03', en: 'travel mug', zh: '随行保温杯', ja: 'トラベルマグ', priceCents: 2600 },
  { sku: 'WS-11', en: 'wool scarf', zh: '羊毛围巾', ja: 'ウールマフラー', priceCents: 3900 },
  { sku: 'CB-05', en: 'canvas backpack', zh: '帆布双肩包', ja: 'キャンバスリュック', priceCents: 7900 },
  { sku: 'DL-31', en: 'desk lamp', zh: '护眼台灯', ja: 'デスクライト', priceCents: 6400 },
  { sku: 'BE-18', en: 'bluetooth earphones', zh: '蓝牙耳机', ja: 'ワイヤレスイヤホン', priceCents: 8900 },
  { sku: 'YM-02', en: 'yoga mat', zh: '天然橡胶瑜伽垫', ja: 'ヨガマット', priceCents: 5200 },
  { sku: 'KR-09', en: 'children’s raincoat', zh: '儿童雨衣', ja: 'キッズレインコート', priceCents: 3400 },
  { sku: 'BB-14', en: 'bamboo cutting board', zh: '竹制砧板', ja: '竹のまな板', priceCents: 2900 },
  { sku: 'SC-40', en: 'scented candle', zh: '香薰蜡烛', ja: 'アロマキャンドル', priceCents: 2200 },
];

/** The item in the customer's language; who writes Arabic or Hebrew shops in English. */
export function nameItem(item: Item, language: DemoCustomer['language']): string {
  return language === 'zh' || language === 'ja' ? item[language] : item.en;
}

/** As it stands in a catalogue, not within a sentence. */
export const toTitle = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

// Minor units for one US cent, and the step prices are rounded to: nobody asks 7,383 yen.
const priceRules: Readonly<Record<DemoCustomer['currency'], { perCent: number; step: number }>> = {
  USD: { perCent: 1, step: 100 },
  EUR: { perCent: 0.93, step: 90 },
  CNY: { perCent: 7, step: 900 },
  JPY: { perCent: 1.5, step: 110 },
  KWD: { perCent: 3.1, step: 250 },
};

/** A US price in another currency, as decimal text in that currency's scale. */
export function priceItem(priceCents: number, currency: DemoCustomer['currency']): string {
  const { perCent, step } = priceRules[currency];
  return toDecimal(Math.max(1, Math.round((priceCents * perCent) / step)) * step, currency);
}

/** Carrier and tracking number as they look in the customer's country. */
export function nameCarrier({ countryCode }: DemoCustomer, index: number): { carrier: string; trackingNumber: string } {
  const serial = String(730_000_000 + index * 7_919);
  const carriers: Readonly<Record<string, readonly [string, string]>> = {
    CN: index % 3 === 0 ? ['中通快递', `75${serial}12`] : ['顺丰速运', `SF10${serial}`],
    JP: ['ヤマト運輸', `4${serial}02`],
    US: ['UPS', `1Z999AA1${serial}`],
    KW: ['Aramex', `5${serial}`],
  };
  const [carrier, trackingNumber] = carriers[countryCode] ?? ['DHL', `0034${serial}`];
  return { carrier, trackingNumber };
}

export const toTrackingUrl = (trackingNumber: string): string => `https://track.example.com/${trackingNumber}`;
