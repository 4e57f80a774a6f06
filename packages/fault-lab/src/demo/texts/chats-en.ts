import { type ChatScenario, parseScript } from './chat-script.ts';
import { COLOURED, COTTON, FRAGILE, SIZED } from './scenario.ts';

/** Talks of English-writing visitors. */
export const englishChats: readonly ChatScenario[] = [
  {
    tags: ['shipping'],
    when: 'underway',
    rating: [5, 'Fast and friendly, thank you!'],
    turns: parseScript(`
> Hi, quick question about {order}
> tracking hasn't moved since Tuesday
< Hi {name}, {agent} here. Let me look it up, one moment.
# {carrier} had a backlog in {city}, cleared this morning.
< Found it: it sat at the {carrier} depot in {city} over the weekend and was scanned again this morning.
< You should have it tomorrow before noon.
> oh good
> will they ring? the bell is broken
< I have put a note on it: "please call, bell out of order". Is the number in your account still right?
> yes
< Then you are all set. Anything else?
> no that's it, thanks!! 🙌
`),
  },
  {
    tags: ['sizing', 'pre-sale'],
    fits: SIZED,
    rating: [4, ''],
    turns: parseScript(`
> Hello! I'm 178 cm, would you take the {item} in M or L?
< Hello! How do you like it: close to the body, or loose?
> loose, I'd wear a sweater under it
< Then L. The M is 104 cm around the chest, the L 112.
> perfect, L it is
> does it come in navy as well?
< Navy is back on the 18th. Shall I let you know?
> no need, I'll take the grey one
< Good choice, it looks even better after the first wash 🙂
`),
  },
  {
    tags: ['damaged', 'urgent'],
    when: 'arrived',
    fits: FRAGILE,
    rating: [5, 'Sorted in five minutes.'],
    turns: parseScript(`
> my {item} arrived in two pieces
> It was the birthday present for my mum on Saturday 😢 [broken]
< Oh no, I am so sorry. Is everything else in the box all right?
> yes just this one
< I am sending you a new one by express right now, order {order} stays open until you have it.
# @{colleague} second broken one from this batch, could you ask the warehouse about the inserts?
< Tracking {tracking}. It arrives on Thursday, Friday at the latest.
> you're a lifesaver
> do you want the broken one back?
< No, please just mind your fingers when you throw it away.
`),
  },
  {
    tags: ['discount'],
    turns: parseScript(`
> the code WELCOME10 doesn't work
< Hi! What does the shop say when you enter it?
> "not valid for the items in your basket"
< Ah, the {item} is reduced already and the code leaves those out.
> hmm that's not written anywhere
< You are right, it should be. I have made you one that works: HELLO-4417
> works! ordering now
`),
  },
  {
    tags: ['return'],
    when: 'arrived',
    rating: [3, 'It took a while until somebody answered.'],
    turns: parseScript(`
> hi can i return something i bought in the outlet
> hello?
> anyone there?
< Hello, sorry for the wait! Yes, outlet things can be returned within 14 days.
> its been 12
< Then you are in time. Here is the code for any {carrier} shop: RET-{tracking}
> and the money?
< Two days after it is back with us, to the card you paid with.
> ok thx
`),
  },
  {
    tags: ['payment'],
    turns: parseScript(`
> Do you take Apple Pay? I only see cards.
< We do, but only in Safari so far. Which browser are you in?
> Firefox
< That explains it. In Safari the button appears right under the basket.
> ok switching
> got it, thanks
`),
  },
  {
    tags: ['address', 'shipping'],
    when: 'before',
    rating: [5, ''],
    turns: parseScript(`
> I just ordered and the address is wrong!!
> {order}, it must be 14 not 41
< No panic, you were quick: it has not been packed. Number 14, same street in {city}?
> yes exactly
< Done. You will get a new confirmation in a minute.
> got it. phew
> thanks {agent}!
`),
  },
  {
    tags: ['question'],
    fits: COTTON,
    turns: parseScript(`
> Is the {item} vegan? (no wool, no leather details)
< Yes: all cotton, the label is polyester, and the buttons are made of corozo nut.
> corozo nut, never heard of it
< A palm fruit that is as hard as horn. It takes colour beautifully.
> love it. Could you send me a close-up of the collar?
`),
  },
  {
    tags: ['exchange', 'warehouse'],
    when: 'arrived',
    fits: COLOURED,
    turns: parseScript(`
> hi, i got the {item} in green but ordered grey [garment]
< Thank you for the picture. That is our mistake, the bag was labelled wrongly.
# Batch 2231 again. @{colleague} please stop it before the next wave goes out.
< Would you like the grey one sent out today, or keep the green one at half price?
> hmm
> let me ask my wife
> she says she keeps the green one and I should get my grey one 😅
< Then both it is. Grey leaves today, and the difference for the green one goes back to your card.
`),
  },
  {
    tags: ['gift'],
    when: 'before',
    rating: [5, 'Lovely service.'],
    turns: parseScript(`
> Can you gift wrap {order} and add a card?
< With pleasure. What should the card say?
> "Happy birthday Noa! See you in the summer ☀️"
< Beautiful. No prices in the box, and it leaves tomorrow.
> Can you make the ribbon blue?
< Blue ribbon, noted.
> You are wonderful
`),
  },
  {
    tags: ['technical'],
    when: 'arrived',
    fits: ['BE-18'],
    turns: parseScript(`
> left earphone dead, right one fine
< Sorry about that! Please put both in the case and hold the button for 15 seconds until it is white.
> trying
> white, then red again
< Once more, with the case plugged in?
> same :(
# Third case with this firmware. @{colleague} is there a newer one?
< Then I will not waste your time. A new pair is on its way: {tracking}
> wow ok. do i send these back?
< Please keep them, the case fits the new ones.
`),
  },
  {
    tags: ['stock'],
    fits: SIZED,
    turns: parseScript(`
> When is the {item} back in S? 🥺
< Hi! The next delivery is planned for the 18th.
> can you put one aside?
< Done, no obligation. I will write to you the moment it is here.
`),
  },
];

/** What right-to-left visitors write; the desk answers in English. */
export const rightToLeftChats: Readonly<Record<'ar' | 'he', readonly ChatScenario[]>> = {
  ar: [
    {
      tags: ['shipping'],
      when: 'underway',
      rating: [5, 'خدمة ممتازة'],
      turns: parseScript(`
> السلام عليكم
> هل يصل الطلب {order} قبل العيد؟
< Hello {name}, welcome! Your order {order} is with {carrier} in {city}.
< It will reach you on Thursday, before the holiday.
> الحمد لله، شكراً جزيلاً 🌹
> هل يمكن تغليفه كهدية؟
< I am sorry, it has left already. I can send you a gift bag and a card separately, free of charge.
> فكرة رائعة، نعم من فضلكم
`),
    },
    {
      tags: ['payment'],
      turns: parseScript(`
> مرحبا، هل تقبلون الدفع عند الاستلام؟
> أريد شراء {item} بكمية 3
`),
    },
  ],
  he: [
    {
      tags: ['exchange'],
      when: 'arrived',
      turns: parseScript(`
> שלום, הזמנתי {item} ({order}) והמידה קטנה
> אפשר להחליף ל-L?
< Hello {name}! Of course, the first exchange is free. Shall the L go to the same address in {city}?
> כן, אותה כתובת 👍
< It leaves tomorrow: {tracking}. Please use the label in the box to send the M back.
> תודה רבה!
`),
    },
    {
      tags: ['pre-sale'],
      turns: parseScript(`
> היי, יש משלוח לאילת?
< Hi! Yes, five to seven working days, free over $80.
> מעולה. ומה לגבי מכס?
`),
    },
  ],
};
