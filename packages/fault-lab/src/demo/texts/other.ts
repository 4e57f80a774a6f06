import { type Scenario, SIZED } from './scenario.ts';

/** A few customers write neither English nor Chinese; the desk answers in English. Right-to-left text has to look right too. */
export const otherScenarios: Readonly<Record<'ja' | 'ar' | 'he', Scenario>> = {
  ja: {
    tags: ['shipping'],
    when: 'underway',
    subject: '注文 {order} の配送について',
    openings: [
      'お世話になっております。\n\n注文 {order} の{item}ですが、お届け日を土曜日の午前中に変更していただくことは可能でしょうか。\n\nよろしくお願いいたします。\n{name}',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\nthank you for your message. I have asked {carrier} to deliver on Saturday before noon (土曜日 午前中).\n\n{agent}',
      ],
      ['c', '早速のご対応、ありがとうございます。'],
    ],
  },
  ar: {
    tags: ['shipping', 'customs'],
    when: 'underway',
    subject: 'استفسار عن الطلب {order}',
    openings: [
      'السلام عليكم،\n\nطلبت {item} قبل أسبوعين (رقم الطلب {order}) ولم يصلني حتى الآن. هل يمكنكم إخباري بمكان الشحنة؟\n\nشكراً جزيلاً،\n{name}',
    ],
    turns: [
      [
        'a',
        'Dear {name},\n\nthank you for writing. Your parcel {tracking} has passed customs and is with {carrier} in {city}; it will reach you tomorrow.\n\n{agent}',
      ],
      ['c', 'وصلت الشحنة اليوم، شكراً لكم 🌹'],
    ],
  },
  he: {
    tags: ['exchange'],
    when: 'arrived',
    subject: 'החלפת מידה בהזמנה {order}',
    fits: SIZED,
    openings: ['שלום,\n\nקיבלתי את {item} אבל המידה קטנה עליי. אפשר להחליף ל-L? מספר ההזמנה {order}.\n\nתודה,\n{name}'],
    turns: [
      [
        'a',
        'Hello {name},\n\nof course. The L leaves tomorrow; please use the enclosed label to send the M back.\n\n{agent}',
      ],
      ['c', 'מעולה, תודה רבה!'],
    ],
  },
};
