import { type ChatScenario, parseScript } from './chat-script.ts';
import { COLOURED, COTTON, FRAGILE, SIZED } from './scenario.ts';

/** Talks of visitors who write Chinese. */
export const chineseChats: readonly ChatScenario[] = [
  {
    tags: ['物流'],
    when: 'before',
    rating: [5, '回复很快，态度好'],
    turns: parseScript(`
> 在吗
> {order} 什么时候发货呀
< 在的，您好，我是{agent}，这就帮您查。
< 您的订单今天上午已经打包好，下午由{carrier}揽收，预计后天到{city}。
> 好的好的
> 能放快递柜吗，白天没人在家
< 可以，已经备注“放快递柜”。
> 谢谢 🙏
`),
  },
  {
    tags: ['售前', '尺码'],
    fits: SIZED,
    rating: [5, ''],
    turns: parseScript(`
> 你好，{item}身高 165 体重 52 穿什么码
< 您好，平时喜欢宽松一点还是合身一点？
> 宽松一点吧，里面要穿毛衣
< 那建议 M 码，衣长刚好盖过腰，袖子也够长。
> 会不会缩水
< 第一次洗会缩大约 1%，标出的尺寸已经留了余量，放心。
> ok 那我下单了
< 好的，下午四点前付款今天就能发出 😊
`),
  },
  {
    tags: ['破损', '紧急'],
    when: 'arrived',
    fits: FRAGILE,
    turns: parseScript(`
> 收到的{item}碎了！！
> 你们自己看 [broken]
< 非常抱歉！您的手没有划伤吧？
> 人没事，就是明天要送人的，急死了
< 我现在给您补发一件，走当天的航空件，{city}明天中午前到。
# @{colleague} 这一批的内托有问题，第二起了，麻烦跟仓库确认一下
< 运单号 {tracking}，破损的不用寄回。
> 好，明天中午我看着
> 要是没到怎么办
< 我明早九点盯一次，有任何变化第一时间告诉您。
`),
  },
  {
    tags: ['优惠'],
    rating: [4, '优惠券规则写得不清楚，客服不错'],
    turns: parseScript(`
> 新人券用不了
< 您好，结算页提示什么？
> 说不满足使用条件
< 这张券满 300 可用，您购物车里是 {item} 一件，还差一点点。
> 那再加一个杯子呢
< 加一个随行保温杯就够了，还能减 40。
> 行，用上了
`),
  },
  {
    tags: ['发票'],
    when: 'arrived',
    turns: parseScript(`
> 请问可以开专票吗
> {order}
< 可以的，麻烦提供一下公司名称、税号、地址电话和开户行。
> 都在这里 [document]
< 收到，今天下班前发到您的邮箱。
> 好，收到跟你说
> 收到了，没问题
`),
  },
  {
    tags: ['退款'],
    when: 'refunded',
    turns: parseScript(`
> 退款三天了怎么还没到
< 您好，我查一下 {order} 的退款进度。
# 退款已提交，银行处理中，参考号在后台
< 我们这边前天已经退出，原路退回一般 1 到 3 个工作日，最晚明天到账。
> 明天没到我再来
`),
  },
  {
    tags: ['改地址'],
    when: 'before',
    rating: [5, '太及时了！'],
    turns: parseScript(`
> 救命 地址填错了
> 刚下的单 {order}
< 别急，还没有打包。新的地址是？
> {city}，其他不变，门牌是 14 号
< 改好了，请看一下短信确认。
> 看到了，谢谢谢谢！
`),
  },
  {
    tags: ['换货', '仓库'],
    when: 'arrived',
    fits: COLOURED,
    turns: parseScript(`
> 颜色发错了，我要的墨绿 [garment]
< 抱歉，是袋子贴错了标签。墨绿色今天补发，灰色的您可以半价留下，也可以寄回。
> 半价是多少
< 直接退您一半到原支付账户。
> 那留下吧，给我妹
# 2231 批次，@{colleague} 请让仓库先停发
< 好的，退款已经提交，墨绿色的运单号是 {tracking}。
`),
  },
  {
    tags: ['使用问题'],
    when: 'arrived',
    fits: ['BE-18'],
    turns: parseScript(`
> 耳机左边没声音
< 您好，请把两只都放回充电盒，长按按钮 15 秒到亮白灯。
> 亮了一下又变红
< 插上充电线再试一次好吗？
> 还是不行
< 那就不折腾您了，直接给您换新，运单号 {tracking}。
> 旧的要寄回吗
`),
  },
  {
    tags: ['售前'],
    fits: COTTON,
    turns: parseScript(`
> {item}是纯棉的吗，孩子皮肤敏感
< 是的，100% 棉，无荧光剂，有检测报告。
> 报告能发我看看吗
< 稍等，我请同事找一下。
# @{colleague} 麻烦把检测报告发我一份
`),
  },
  {
    tags: ['配送'],
    when: 'underway',
    turns: parseScript(`
> 周末送货吗
> 平时都不在家
`),
  },
  {
    tags: ['表扬'],
    when: 'arrived',
    rating: [5, '一如既往地好'],
    turns: parseScript(`
> 不是来投诉的哈哈
> 上次那个{item}特别好用，推荐给同事了 ❤️
< 谢谢您！我念给全组听了，大家都很开心。
> 老客户有没有优惠呀 😏
< 悄悄给您放了一张 30 元券，月底前有效。
> 爱了爱了
`),
  },
];
