import { formatMoney } from '@tradewind/shared/money';
import type { Fulfilment, Order, OrderLine } from '@tradewind/shared/schemas/order';
import { ChevronDown, ExternalLink, Package, Truck } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { join } from '../../components/join.ts';
import { formatFull, formatShort } from '../../i18n/format.ts';
import { nameCountry } from '../../i18n/names.ts';
import { useLocale } from '../../i18n/use-format.ts';
import styles from './OrderCard.module.css';

const SHIPMENTS = [
  'pending',
  'open',
  'success',
  'cancelled',
  'error',
  'failure',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'attempted_delivery',
  'label_printed',
  'label_purchased',
  'confirmed',
  'ready_for_pickup',
] as const;
type Shipment = (typeof SHIPMENTS)[number];

function isShipment(word: string): word is Shipment {
  return SHIPMENTS.some((known) => known === word);
}

const CANCEL_REASONS = ['customer', 'declined', 'fraud', 'inventory', 'staff', 'other'] as const;
type CancelReason = (typeof CANCEL_REASONS)[number];

function isCancelReason(word: string): word is CancelReason {
  return CANCEL_REASONS.some((known) => known === word);
}

/** Tracking addresses come from carriers and shops: only web addresses are made links. */
function toWebAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}

function Line({ line, order }: { line: OrderLine; order: Order }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const removed = line.currentQuantity <= 0;
  const quantity = line.currentQuantity || line.quantity;
  const unitPrice = formatMoney(line.unitPriceMinor, order.currency, locale);
  return (
    <li className={join(styles.line, removed && styles.removed)}>
      <span className={styles.quantity}>{t('order.quantity', { count: quantity })}</span>
      <span className={styles.title}>
        <bdi>{line.title}</bdi>
        {line.sku && <span className={styles.sku}> {line.sku}</span>}
        {quantity > 1 && <span className={join(styles.sku, styles.each)}>{t('order.each', { price: unitPrice })}</span>}
        {removed && <span className={styles.sku}> · {t('order.removed')}</span>}
      </span>
      <span className={styles.money}>{formatMoney(line.unitPriceMinor * quantity, order.currency, locale)}</span>
    </li>
  );
}

function Sum({ name, children, strong }: { name: ReactNode; children: ReactNode; strong?: boolean }) {
  return (
    <div className={join(styles.sum, strong && styles.strong)}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sums({ order }: { order: Order }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const money = (minor: number) => formatMoney(minor, order.currency, locale);
  return (
    <dl className={styles.sums}>
      {order.discountMinor > 0 && <Sum name={t('order.discount')}>{money(-order.discountMinor)}</Sum>}
      {order.subtotalMinor > 0 && order.totalMinor > order.subtotalMinor && (
        <Sum name={t('order.shippingAndTax')}>{money(order.totalMinor - order.subtotalMinor)}</Sum>
      )}
      {order.currentTotalMinor !== order.totalMinor && (
        <Sum name={t('order.originalTotal')}>{money(order.totalMinor)}</Sum>
      )}
      {order.refunds.map((refund) => (
        <Sum
          key={refund.externalId}
          name={
            <>
              {t('order.refund')} <span className={styles.quiet}>{formatShort(refund.createdAt, locale)}</span>
              {refund.note && (
                <bdi className={styles.quiet}>
                  {' · '}
                  {refund.note}
                </bdi>
              )}
            </>
          }
        >
          {formatMoney(-refund.amountMinor, refund.currency || order.currency, locale)}
        </Sum>
      ))}
      {order.refundedMinor > 0 && order.refunds.length !== 1 && (
        <Sum name={t('order.refundedTotal')}>{money(order.refundedMinor)}</Sum>
      )}
      <Sum name={t('order.total')} strong>
        {money(order.currentTotalMinor)}
      </Sum>
    </dl>
  );
}

function Shipping({ fulfilment }: { fulfilment: Fulfilment }) {
  const { t } = useTranslation();
  const word = fulfilment.shipmentStatus ?? fulfilment.status;
  const url = toWebAddress(fulfilment.url);
  return (
    <li className={styles.fulfilment}>
      <Truck size={14} aria-hidden="true" />
      <span className={styles.carrier}>
        <bdi>{fulfilment.carrier ?? t('order.unknownCarrier')}</bdi>
        <span className={styles.quiet}> · {isShipment(word) ? t(`shipment.${word}`) : word}</span>
        <br />
        {fulfilment.trackingNumber === null ? (
          <span className={styles.quiet}>{t('order.noTracking')}</span>
        ) : url ? (
          <a
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t('order.track', { number: fulfilment.trackingNumber })}
          >
            {fulfilment.trackingNumber}
            <ExternalLink size={12} aria-hidden="true" />
          </a>
        ) : (
          <span>{fulfilment.trackingNumber}</span>
        )}
      </span>
    </li>
  );
}

function Notices({ order }: { order: Order }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const reason = order.cancelReason ?? '';
  return (
    <>
      {order.deleted && <p className={styles.notice}>{t('order.deleted')}</p>}
      {order.test && <p className={styles.notice}>{t('order.test')}</p>}
      {order.cancelledAt !== null && (
        <p className={styles.notice}>
          {t('order.cancelledAt', { time: formatShort(order.cancelledAt, locale) })}
          {reason && ` · ${isCancelReason(reason) ? t(`order.cancel_${reason}`) : reason}`}
        </p>
      )}
    </>
  );
}

function Details({ order }: { order: Order }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const address = order.shippingAddress;
  return (
    <>
      <Notices order={order} />
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <Line key={line.externalId} line={line} order={order} />
        ))}
      </ul>
      <Sums order={order} />
      {order.fulfilments.length > 0 && (
        <ul className={styles.fulfilments} aria-label={t('order.fulfilment')}>
          {order.fulfilments.map((fulfilment) => (
            <Shipping key={fulfilment.externalId} fulfilment={fulfilment} />
          ))}
        </ul>
      )}
      {address && (
        <p className={styles.address}>
          <span className={styles.quiet}>{t('order.shippingTo')}</span>
          <br />
          <bdi>
            {[
              address.name,
              address.company,
              address.line1,
              address.line2,
              `${address.postalCode} ${address.city}`.trim(),
            ]
              .concat(address.region, nameCountry(address.country, locale))
              .filter(Boolean)
              .join(' · ')}
          </bdi>
        </p>
      )}
      {order.note && (
        <p className={styles.address}>
          <span className={styles.quiet}>{t('order.note')}</span>
          <br />
          <bdi>{order.note}</bdi>
        </p>
      )}
    </>
  );
}

interface OrderCardProps {
  order: Order;
  storeName: string;
  initiallyOpen: boolean;
}

/** One order: number, state and sum at a glance; lines, refunds and shipments unfolded. Money in the order's currency. */
export function OrderCard({ order, storeName, initiallyOpen }: OrderCardProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [open, setOpen] = useState(initiallyOpen);
  const detailsId = useId();
  return (
    <article className={styles.card} aria-label={t('order.label', { number: order.number })} data-testid="order">
      <button
        type="button"
        className={styles.head}
        aria-expanded={open}
        aria-controls={open ? detailsId : undefined}
        onClick={() => setOpen(!open)}
      >
        <Package size={16} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.number}>{order.number}</span>
        <span className={styles.chip} data-status={order.status}>
          {t(`order.${order.status}`)}
        </span>
        <span className={styles.headMoney}>{formatMoney(order.currentTotalMinor, order.currency, locale)}</span>
        <ChevronDown size={14} aria-hidden="true" className={styles.chevron} />
      </button>
      <p className={styles.placed} title={formatFull(order.placedAt, locale)}>
        {t('order.placed', { time: formatShort(order.placedAt, locale) })}
        {storeName && ` · ${storeName}`}
      </p>
      {open && (
        <div id={detailsId} className={styles.details}>
          <Details order={order} />
        </div>
      )}
    </article>
  );
}
