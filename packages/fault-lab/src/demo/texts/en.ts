import { COLOURED, COTTON, FRAGILE, type Scenario, SIZED } from './scenario.ts';

/** Matters of English-writing customers. */
export const englishScenarios: readonly Scenario[] = [
  {
    tags: ['shipping'],
    when: 'underway',
    subject: 'Where is my parcel? Order {order}',
    openings: [
      'Hello,\n\nI ordered the {item} almost two weeks ago (order {order}) and the tracking has not moved since last Tuesday. Could you find out where it is?\n\nThanks,\n{name}',
      'Hi there, {carrier} still says "label created" for {tracking}. Is the parcel really on its way? I need it before the weekend.\n\n{name}',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nThank you for writing. I looked up {tracking}: it is at the {carrier} depot near {city}, where they had a backlog this week. I have asked them to move it today.\n\nI will write again tomorrow morning, whatever they say.\n\n{agent}',
      ],
      ['c', 'Thanks for the quick answer. Tomorrow is fine.'],
      ['n', 'Carrier case 88-20417. They promised a scan before 10:00.'],
      [
        'a',
        'Good morning {name}, the parcel left the depot at 06:40 and should reach you today before 18:00.\n\n{agent}',
      ],
      ['c', 'It is here! Thank you, that was really good service 😊'],
    ],
  },
  {
    tags: ['exchange'],
    when: 'arrived',
    subject: 'Wrong size: {item}',
    fits: SIZED,
    openings: [
      'Hi,\n\nthe {item} from order {order} is lovely, but M is too tight across the shoulders. Can I swap it for an L?\n\nBest, {name}',
      'Hello! I seem to have ordered the wrong size ({item}, order {order}). Tags are still on. How do I exchange it?',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\nof course. We have the L in stock and I have put one aside for you. Please send yours back with the label attached to this order; the new one leaves as soon as {carrier} has scanned yours.\n\n{agent}',
      ],
      ['c', 'Perfect. Do I have to pay for the return?'],
      ['a', 'No, the first exchange is free. Just drop it at any {carrier} shop.\n\n{agent}'],
      ['c', 'Dropped it off this morning, receipt attached.', 'parcel'],
    ],
  },
  {
    tags: ['refund'],
    when: 'refunded',
    subject: 'Refund for {order} not received',
    openings: [
      'Dear team,\n\nyou confirmed my refund for {order} nine days ago, but nothing has arrived in my account. When can I expect it?\n\nRegards\n{name}',
      'Any news about the refund for the {item}? My bank does not see anything.',
    ],
    turns: [
      ['n', 'Refund went out on our side, reference visible in the shop. Bank usually takes 5 to 10 days.'],
      [
        'a',
        'Hello {name},\n\nthe refund left us and was accepted by your card’s bank; it can take up to ten working days until they show it. The reference is RF-{order}. If it is not there by Friday, I will open a trace with the payment service.\n\n{agent}',
      ],
      ['c', 'It arrived today. Sorry for the impatience and thanks!'],
    ],
  },
  {
    tags: ['damaged', 'urgent'],
    when: 'arrived',
    subject: 'Arrived broken: {item}',
    fits: FRAGILE,
    openings: [
      'Hello, I just opened the parcel and the {item} is cracked right through. Photo attached. It was meant to be a birthday present for Saturday 😟\n\n{name}',
      'The box was crushed and so is the {item} (order {order}). See the picture. What now?',
    ],
    files: ['broken'],
    turns: [
      [
        'a',
        'Dear {name},\n\nI am sorry, that is not how it should reach anyone. A new one leaves us today by express, at no cost, and you need not send the broken one back.\n\n{agent}',
      ],
      ['c', 'Wow, thank you. Will it be here by Friday evening?'],
      ['a', 'Yes: express to {city} arrives on Thursday, Friday at the latest. Tracking {tracking}.\n\n{agent}'],
    ],
  },
  {
    tags: ['invoice'],
    when: 'arrived',
    subject: 'Invoice with VAT number for {order}',
    openings: [
      'Hello,\n\ncould I get an invoice for order {order} made out to my company? The details are in the attached PDF.\n\nKind regards,\n{name}',
      'Hi, our accountant needs an invoice for {order} that shows the VAT number. Attached is our registration.',
    ],
    files: ['document'],
    turns: [
      [
        'a',
        'Hello {name},\n\nthank you for the registration. The corrected invoice comes to this address within an hour.\n\n{agent}',
      ],
      ['c', 'Received, but the street is still the old one. It should read as in the PDF.'],
      ['a', 'You are right, sorry. A new one is on its way now; please discard the first.\n\n{agent}'],
      ['c', 'All good now.'],
    ],
  },
  {
    tags: ['address', 'shipping'],
    when: 'before',
    subject: 'Please change the delivery address ({order})',
    openings: [
      'Hi, I moved last week and forgot to change my address. Can order {order} go to my office in {city} instead?\n\n{name}',
      'URGENT: wrong house number on order {order}! It should be 14, not 41. Can you still change it?',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nyou wrote in time: it has not been packed yet. I changed the address; please check the confirmation you will get in a minute.\n\n{agent}',
      ],
      ['c', 'Looks right. Thank you so much.'],
    ],
  },
  {
    tags: ['cancel'],
    when: 'before',
    subject: 'Cancel order {order}',
    openings: [
      'Hello, please cancel my order {order}. I ordered the same thing twice by mistake.\n\n{name}',
      'I found it cheaper elsewhere, so please cancel {order} and refund me.',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\ndone: order {order} is cancelled and the money goes back to the card you paid with, usually within five days.\n\n{agent}',
      ],
      ['c', 'Thanks for making it painless.'],
    ],
  },
  {
    tags: ['missing-item'],
    when: 'arrived',
    subject: 'One item missing in my parcel',
    openings: [
      'Hi, order {order} came today but there was only one {item} in it, I paid for two. The packing slip says two as well.\n\n{name}',
      'The parcel was lighter than I expected. No {item} inside, everything else is fine.',
    ],
    turns: [
      ['n', 'Warehouse camera shows one unit packed. Our mistake.'],
      [
        'a',
        'Hello {name},\n\nI checked with the warehouse and the mistake is ours. The missing {item} left this afternoon, tracking {tracking}.\n\n{agent}',
      ],
      ['c', 'Great, thanks for checking instead of asking me for ten photos.'],
    ],
  },
  {
    tags: ['discount'],
    subject: 'Discount code does not work',
    openings: [
      'Hello, the code WELCOME10 from your newsletter says "not valid for the items in your basket". It is only a {item}. What am I doing wrong?',
      'Your site refuses my code. I tried two browsers. Can you apply it by hand?',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nthe code leaves out items that are already reduced, and the {item} is at the moment. I made you a new one that works for it: HELLO-4417, valid for two weeks.\n\n{agent}',
      ],
      ['c', 'That worked. Ordered!'],
    ],
  },
  {
    tags: ['question'],
    subject: 'Question about the {item}',
    fits: COTTON,
    openings: [
      'Hi! Is the {item} suitable for someone with a wool allergy? I could not find the full composition on the page.\n\nThanks, {name}',
      'Good afternoon. Is the {item} pure cotton? My son gets a rash from wool, and the page does not say.',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\ngood question. It is 100 % cotton with a small polyester label; no wool anywhere. I have asked for the composition to be added to the page.\n\n{agent}',
      ],
      ['c', 'Thank you, then I will take two.'],
    ],
  },
  {
    tags: ['exchange', 'warehouse'],
    when: 'arrived',
    subject: 'Wrong colour delivered, {order}',
    fits: COLOURED,
    openings: [
      'I ordered the {item} in dark green and got grey. Grey is nice, but not what I ordered. Please see the photo.\n\n{name}',
      'Hi, colour mix-up in {order}: the bag says "forest", the thing inside is "stone".',
    ],
    files: ['garment'],
    turns: [
      [
        'a',
        'Hi {name},\n\nthe bag was labelled wrongly, sorry about that. The green one is on its way; keep or return the grey one as you like. If you keep it, it is half price.\n\n{agent}',
      ],
      ['c', 'Deal, I keep both. My sister will be happy.'],
      ['n', 'Batch 2231 probably mislabelled. Told the warehouse to open five bags.'],
    ],
  },
  {
    tags: ['payment', 'urgent'],
    subject: 'Charged twice!',
    openings: [
      'My card was charged TWICE for order {order}. Bank statement attached. Please fix this today.\n\n{name}',
      'There are two identical charges from your shop on my account, one minute apart. I only have one order ({order}).',
    ],
    files: ['table'],
    turns: [
      ['n', 'Second one is an authorisation that was never captured. It falls away by itself.'],
      [
        'a',
        'Hello {name},\n\nI understand the worry. The second entry is a reservation that we never collected; your bank releases it within three days. There is nothing to pay and nothing to do on your side.\n\n{agent}',
      ],
      ['c', 'OK. I will check on Thursday and come back if it is still there.'],
      ['c', 'Checked: it is gone. Thank you.'],
    ],
  },
  {
    tags: ['return'],
    when: 'arrived',
    subject: 'How do I return something?',
    openings: [
      'Hello, I would like to return the {item} (order {order}, delivered five days ago). There is no label in the box.',
      'Return request: {order}. It is just not for me. Printer is broken, is there a QR code instead?',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nhere is a code you can show at any {carrier} shop, no printer needed: RET-{tracking}. The refund follows two days after it is back.\n\n{agent}',
      ],
      ['c', 'Easy. Thanks.'],
    ],
  },
  {
    tags: ['customs', 'shipping'],
    when: 'underway',
    subject: 'Customs fee for {order}?',
    openings: [
      'Dear Sir or Madam, the courier asks for customs duty before he hands over the parcel of order {order}. The site said all duties are included. Please advise.\n\n{name}',
      'I was asked to pay import tax at the door for order {order}. Is that right?',
    ],
    turns: [
      [
        'a',
        'Dear {name},\n\nyou are right, duties are included in the price. Please do not pay; I have sent {carrier} our account number and they will deliver again tomorrow.\n\n{agent}',
      ],
      ['c', 'The driver came and took nothing. Thank you for your kind help.'],
    ],
  },
  {
    tags: ['gift'],
    when: 'before',
    subject: 'Gift wrapping and a card',
    openings: [
      'Hi, can you wrap the {item} and put in a card that says "Happy birthday Noa, see you in the summer"? And please no invoice in the box!\n\n{name}',
      'Is it still possible to add gift wrapping and a birthday card to {order}? It must not show any prices.',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\nwith pleasure. Wrapped, with your card, and no prices in the box. It leaves tomorrow.\n\n{agent}',
      ],
      ['c', 'You are the best 🎁'],
    ],
  },
  {
    tags: ['technical'],
    when: 'arrived',
    subject: 'Earphones do not pair',
    fits: ['BE-18'],
    openings: [
      'The left earphone blinks red and does not connect to my phone any more. I reset it as the manual says. Order {order}.\n\n{name}',
      'Hi, bluetooth earphones from {order}: right one works, left one is dead after three weeks.',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nplease put both in the case, hold the button for 15 seconds until it is white, then pair again. If that does not help, I will send you a new pair.\n\n{agent}',
      ],
      ['c', 'Tried it three times. White for a second, then red again.'],
      [
        'a',
        'Thank you for trying. A new pair is on its way, {tracking}. Keep the old case, the new earphones fit.\n\n{agent}',
      ],
      ['c', 'They work. Thanks!'],
    ],
  },
  {
    tags: ['stock'],
    subject: 'When is the {item} back?',
    fits: SIZED,
    openings: [
      'Hello, the {item} in sand has been sold out for a month. Is it coming back?\n\n{name}',
      'Could you tell me when size S of the {item} is available again? I would order two.',
    ],
    turns: [
      [
        'a',
        'Hi {name},\n\nthe next delivery is planned for the 18th. I can put one aside for you without obligation, shall I?\n\n{agent}',
      ],
      ['c', 'Yes please!'],
    ],
  },
  {
    tags: ['shipping', 'urgent'],
    when: 'arrived',
    subject: 'Marked as delivered, but nothing here',
    openings: [
      '{carrier} says order {order} was delivered yesterday at 14:12. I was at home all day. Nothing in the hallway, nothing with the neighbours.\n\n{name}',
      'Tracking {tracking}: "handed to resident". It was not me. Who signed?',
    ],
    turns: [
      ['n', 'Asked {carrier} for the signature and the GPS point.'],
      [
        'a',
        'Hello {name},\n\nI have asked {carrier} for the signature and the place where it was scanned. They must answer within 24 hours. You will not lose anything: either they find it or we send a new one.\n\n{agent}',
      ],
      ['c', 'The bakery downstairs had it all along… sorry! Maybe tell the driver to leave a note next time.'],
      ['a', 'Glad it turned up. I have passed on your remark.\n\n{agent}'],
    ],
  },
  {
    tags: ['warranty'],
    when: 'arrived',
    subject: 'Desk lamp stopped working',
    fits: ['DL-31'],
    openings: [
      'Hello, the lamp I bought eight months ago has stopped working. I tried another socket. Is it still under warranty? Receipt attached.\n\n{name}',
      'My {item} died. Bought from you under {order}. What does the warranty cover?',
    ],
    files: ['document'],
    turns: [
      [
        'a',
        'Hello {name},\n\nthe warranty is two years, so yes. Please tell me the four digits under the foot, then I can send the right part.\n\n{agent}',
      ],
      ['c', 'It says 0731.'],
      ['a', 'Thank you. The power unit of that series was weak; a better one leaves today.\n\n{agent}'],
    ],
  },
  {
    tags: ['business'],
    subject: 'Order for our company, 60 pieces',
    openings: [
      'Good morning,\n\nwe would like 60 of the {item} for our staff, with delivery to three offices. List attached. Could you make an offer?\n\nKind regards\n{name}',
      'Do you give a discount for larger quantities? We need about 60, see the sheet.',
    ],
    files: ['table'],
    turns: [
      ['n', '@{colleague} margin allows 12 % from 50 pieces, do you agree?'],
      [
        'a',
        'Good morning {name},\n\nthank you for the list. For 60 pieces we can offer 12 % and free delivery to the three offices. The offer holds until the end of the month.\n\n{agent}',
      ],
      ['c', 'That sounds good. I have to ask my manager and will be back next week.'],
    ],
  },
  {
    tags: ['privacy'],
    subject: 'Please delete my data',
    openings: [
      'Hello, I no longer want to receive your newsletter and would like my account to be deleted.\n\n{name}',
      'Unsubscribe me please. The link in the mail leads to an empty page.',
    ],
    turns: [
      [
        'a',
        'Hello {name},\n\nyou are off the list, and the account will be deleted tonight. The invoices of the last years we must keep by law; everything else goes. Thank you for telling us about the link.\n\n{agent}',
      ],
      ['c', 'Thank you.'],
    ],
  },
  {
    tags: ['praise'],
    when: 'arrived',
    subject: 'Just wanted to say thank you',
    openings: [
      'Hi all,\n\nno complaint this time: the {item} is wonderful, and the handwritten note in the box made my day. Keep going! 💚\n\n{name}',
      'Your colleague helped me on the phone yesterday and stayed on until the order went through. Please tell her thank you.',
    ],
    turns: [['a', 'Dear {name},\n\nthat made ours. I have read it out to the whole room.\n\n{agent}']],
  },
];
