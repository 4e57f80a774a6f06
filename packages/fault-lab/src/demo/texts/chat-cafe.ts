import { type ChatScenario, parseScript } from './chat-script.ts';

/**
 * A talk that goes on for days: long enough to page in and to scroll in. "Good morning" begins a new day when the sample is
 * spread over the past (apps/sync-server/src/launch/spread-times.ts).
 */
export const cafeChat: ChatScenario = {
  tags: ['business', 'vip'],
  goesOn: true,
  turns: parseScript(`
> Hi! Is anyone there?
< Hi, {agent} here. What can I do for you?
> We're opening a small café in {city} next month 🎉
> and I'd love to get the crockery, aprons and lamps from you
< Congratulations, how exciting! How many seats will you have?
> 24 inside, 12 on the terrace
< So we plan for about 40 cups, plus what breaks.
> do things break a lot? 😅
< Count on one cup a week in the first month. Then people learn.
> ok so maybe 50 cups
> which one would you take, the clay ones or the enamel ones?
< Clay inside, enamel on the terrace. Enamel survives a stone floor.
> makes sense!
> how much is shipping for all of that?
< Nothing: it is free from $80 on.
> even 50 cups??
< Even 50 cups. They go in five boxes so that the courier stays friendly.
> haha
> let me measure the shelf and come back
< Take your time, I am here until six.
> Shelf is 118 cm, 31 deep
> three levels
< Then 48 cups stand in two rows with some air. Perfect.
> do they stack?
< Two high safely. Three if nobody slams the door.
> someone always slams the door
< Two high then 🙂
> I need to run, will come back with the colours tomorrow. Thanks {agent}!
< Looking forward to it.
> Good morning! Me again
< Good morning {name}! Did you decide on the colours?
> Almost. Half sand, half forest?
< A good pair. Sand shows coffee drips, forest hides them.
> then more forest. 20 sand, 28 forest
< Noted: 20 sand, 28 forest.
> and saucers
< 48 saucers to match. Would you like six spare ones of each?
> yes please
> here's a photo of the counter so you get the idea [shelf]
< Oh, that is a beautiful piece of wood. Oak?
> elm! from my grandfather's barn
< Then I would take the linen aprons in flax. They sit well with warm wood.
> how many do you think for 4 people?
< Eight. Two each: one on, one in the wash.
> of course you know that
# Nice customer, new café in {city}. Worth a discount? @{colleague} what may I give from 1,500 on?
< I have asked for a better price for you, I will know by the afternoon.
> 😍
> do aprons shrink?
< A centimetre in the first wash, the sizes allow for it.
> can you embroider a name?
< Up to twelve letters, at $4 each. What is the café called?
> "Elm & Honey"
< That has eleven characters with the spaces. It fits!
> it was meant to be
< It was. White thread or honey yellow?
> HONEY
< Honey yellow it is.
> when could all of it be here?
< Embroidery takes six working days, the rest is ready. So in eight to nine days.
> opening is on the 20th
< Then we have four days to spare. I will watch it.
# 12 % from 1,500 on is fine, says the team lead.
< Good news: 12 % off everything.
> no way
> thank you!!!
< You are very welcome.
> do you also have something for the lights? 3 above the counter
< The desk lamp exists as a pendant, same shade. Not in the shop yet, but I may sell it.
> secret lamps 🤫
< Very secret. $58 each.
> three of those please
< Which cable: black, or textile in flax?
> flax, 1.5 m
< Noted. The electrician will need this sheet. [document]
> passing it on, thank you
> oh no he says the ceiling is concrete
< The canopy takes an 8 mm plug, that holds in concrete. It is on page two.
> he says "aha"
> he never says more
< That is the highest praise electricians give.
> 😂
> ok summary? I lose track
< 20 cups sand, 28 cups forest, 60 saucers, 12 enamel mugs, 8 aprons with "Elm & Honey", 3 pendants in flax.
> plus a teapot or two?
< Four. Somebody will always order tea for two.
> four teapots
< With 12 % off that makes $1,914.60.
> better than I feared
> can I pay half now?
< Half now, half when everything has arrived. I will send you the link.
> you're the best
> paid!
< I can see it. Thank you! I am starting the embroidery today.
> good night 😴
< Good night!
> Good morning {agent}, small panic
< Good morning! Tell me.
> the sign painter spelled it "Elm and Honey"
> should the aprons match the sign??
< The aprons are not stitched before noon. Which one do you like better?
> honestly? the &
< Then keep it. Signs are repainted, the & is forever.
> you should work in marketing
< They would not let me answer the chat any more.
> 😂 ok we keep the &
< & it is.
> can I see one apron before you do all 8?
< Of course. First one is ready at three, I will send you a picture.
> great
> it's three o'clock 👀
< You are punctual! Here it is. Honey yellow on flax: the letters are 3 cm high. [apron]
> I'm crying in the hardware store
< Good tears, I hope?
> the best
> go go go
< Going!
# First apron approved in the chat at 15:04.
> how do I wash them?
< 40 degrees, inside out, no dryer. Iron while damp.
> we will not iron 😇
< Nobody does. They look fine without.
> one more: do you have children's cups? there's a school around the corner
< The enamel mug comes in a small size, 180 ml. Unbreakable, very popular with five-year-olds.
> 10 of those
< Added. It changes the total by $132.00, with your discount.
> fine
> invoice to the company please, here are the details [document]
< Received. I have changed the invoice.
> and delivery between 8 and 10? before the bakers come
< I have asked {carrier}. They say yes for {city}, if somebody is there to sign.
> I live there at this point
< 😄
> Good morning! Any news from the aprons?
< Good morning {name}. All eight are done and packed.
> yay
< Boxes 1 to 3 leave today: {tracking}
> cups first?
< Cups and saucers. Aprons, lamps and teapots tomorrow, so that you are not buried at once.
> thoughtful
> my back thanks you
< Please let the courier carry, he is paid for it.
> he brought two of three boxes
> box 2 is missing?
< One moment, I am looking.
< It was scanned in {city} at 07:12, so it is in the van. I am calling them.
> ok
< The driver has it. It was under a mattress. He turns around and is with you in twenty minutes.
> under a mattress 😂
> here he is
> unpacking...
> one saucer is chipped, everything else perfect [parcel]
< Thank you for looking so carefully. You have six spares, and I put two more into tomorrow's box.
> that's why I love you guys
# Chipped saucer 1 of 60. Replacement goes with box 5.
> shelf with cups. Look!! [shelf]
< Now that is a shelf. May I show it to the workshop?
> please do
> they fit two high exactly, as you said
< I am relieved, I have to admit.
> Good morning, the last boxes are here ☀️
< Good morning! Everything all right?
> lamps 👍 aprons 👍 teapots 👍 small mugs 👍
> two extra saucers with a note "for the door slammer"
< I have no idea who wrote that.
> sure 😄
> second half is paid
< Received, thank you! The final invoice is in your mailbox.
> electrician says "aha" again
< Then the lamps are up.
> they are. it looks like a home
< I wish you a full house on the 20th.
> come by! first coffee is on us, {agent}
< I would love to. I will bring a camera and the whole team.
> 💛
> oh and could you put aside 12 more forest cups? I have a feeling
< Put aside, no obligation, until the end of the month.
`),
};
