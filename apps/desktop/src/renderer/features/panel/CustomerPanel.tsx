import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import { BadgeAlert, Check, Copy, Mail, Phone } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { useCustomer, useCustomerConversations, useCustomerOrders, useDirectory } from '../../desk/hooks.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useNow } from '../../i18n/use-format.ts';
import styles from './CustomerPanel.module.css';
import { OrderCard } from './OrderCard.tsx';
import { OtherConversations } from './OtherConversations.tsx';

function CopyButton({ value }: { value: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = copied ? t('common.copied') : `${t('common.copy')} ${value}`;
  return (
    <button
      type="button"
      className={styles.copy}
      aria-label={label}
      title={label}
      onClick={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
    >
      {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
    </button>
  );
}

function Contact({ icon, value, claimed }: { icon: ReactNode; value: string; claimed: boolean }) {
  const { t } = useTranslation();
  return (
    <li className={styles.contact}>
      {icon}
      <bdi className="ellipsis" title={value}>
        {value}
      </bdi>
      {claimed && <BadgeAlert size={14} color="var(--warn)" role="img" aria-label={t('panel.claimed')} />}
      <CopyButton value={value} />
    </li>
  );
}

function CustomerCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const name = customer.name || customer.emails[0] || customer.phones[0] || t('common.unknownCustomer');
  const isClaimed = (value: string) =>
    customer.identities.some((identity) => identity.value === value && identity.claimed);
  return (
    <section className={styles.customer} aria-label={t('panel.customer')}>
      <div className={styles.who}>
        <Avatar name={name} size={40} />
        <div className={styles.whoText}>
          <h2 className={styles.name} dir="auto">
            {name}
          </h2>
          <p className={styles.since}>
            {t('panel.since')} {formatDate(customer.createdAt, now, locale)}
            {customer.locale && ` · ${customer.locale}`}
          </p>
        </div>
      </div>
      <ul className={styles.contacts}>
        {customer.emails.map((email) => (
          <Contact
            key={email}
            icon={<Mail size={14} role="img" aria-label={t('panel.emails')} />}
            value={email}
            claimed={isClaimed(email)}
          />
        ))}
        {customer.phones.map((phone) => (
          <Contact
            key={phone}
            icon={<Phone size={14} role="img" aria-label={t('panel.phones')} />}
            value={phone}
            claimed={isClaimed(phone)}
          />
        ))}
      </ul>
      {customer.tags.length > 0 && (
        <ul className={styles.tags} aria-label={t('header.tags')}>
          {customer.tags.map((tag) => (
            <li key={tag}>{tag}</li>
          ))}
        </ul>
      )}
      {customer.optOuts.map((optOut) => (
        <p key={optOut.channel} className={styles.optOut}>
          {t('panel.optOut', { channel: optOut.channel })}
        </p>
      ))}
    </section>
  );
}

function Orders({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const orders = useCustomerOrders(customerId);
  const directory = useDirectory();
  return (
    <section className={styles.section} aria-label={t('panel.orders')}>
      <h3 className={styles.heading}>
        {t('panel.orders')}
        {orders && orders.length > 0 && <span>{orders.length}</span>}
      </h3>
      {orders === undefined && <Skeleton rows={2} height={72} />}
      {orders?.length === 0 && (
        <div className={styles.none}>
          <p>{t('panel.noOrders')}</p>
          <p>{t('panel.noOrdersHint')}</p>
        </div>
      )}
      {orders?.map((order, index) => (
        <OrderCard
          key={order.id}
          order={order}
          storeName={directory.byId.get(order.storeId)?.name ?? ''}
          initiallyOpen={index === 0}
        />
      ))}
    </section>
  );
}

/** The customer of the open conversation with his orders and other conversations, kept current. */
export function CustomerPanel({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const customerId = conversation.customerId || null;
  const customer = useCustomer(customerId);
  const conversations = useCustomerConversations(customerId);
  if (customerId === null || customer === null) return <p className={styles.none}>{t('panel.noCustomer')}</p>;
  if (customer === undefined) return <Skeleton rows={4} height={72} />;
  return (
    <div className={styles.panel}>
      <CustomerCard customer={customer} />
      <Orders customerId={customerId} />
      <OtherConversations conversations={conversations} exceptId={conversation.id} />
    </div>
  );
}
