import { mediumOf } from '@tradewind/shared/channels';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { nameCustomer } from '../../desk/customer-label.ts';
import { useCustomer, useCustomerConversations, useCustomerOrders, useDirectory } from '../../desk/hooks.ts';
import { formatDate } from '../../i18n/format.ts';
import { nameLanguage } from '../../i18n/names.ts';
import { useLocale, useNow } from '../../i18n/use-format.ts';
import { Contacts, Unverified } from './Contacts.tsx';
import styles from './CustomerPanel.module.css';
import { OrderCard } from './OrderCard.tsx';
import { OtherConversations } from './OtherConversations.tsx';
import { Satisfaction } from './Satisfaction.tsx';
import { WebsiteVisit } from './WebsiteVisit.tsx';

/** The shop vouches for him, or he writes from an address that is his. */
function isKnown({ identities }: Customer): boolean {
  return identities.some(({ kind, value, claimed }) => !claimed && (kind !== 'external' || value.startsWith('user:')));
}

interface CustomerCardProps {
  customer: Customer;
  conversation: Conversation;
  chat: boolean;
}

function CustomerCard({ customer, conversation, chat }: CustomerCardProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const name = nameCustomer(conversation, customer.name || customer.emails[0] || customer.phones[0] || '', t);
  return (
    <section className={styles.customer} aria-label={t('panel.customer')}>
      <div className={styles.who}>
        <Avatar name={name} size={40} />
        <div className={styles.whoText}>
          <h2 className={styles.name} dir="auto">
            {name}
          </h2>
          {customer.name && !isKnown(customer) && <Unverified />}
          <p className={styles.since}>
            {t('panel.since')} {formatDate(customer.createdAt, now, locale)}
            {!chat && customer.locale && ` · ${nameLanguage(customer.locale, locale)}`}
          </p>
        </div>
      </div>
      <Contacts customer={customer} />
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
  const chat = mediumOf(conversation.channelKind) === 'chat';
  const customer = useCustomer(customerId);
  const conversations = useCustomerConversations(customerId);
  if (customerId === null || customer === null) return <p className={styles.none}>{t('panel.noCustomer')}</p>;
  if (customer === undefined) return <Skeleton rows={4} height={72} />;
  return (
    <div className={styles.panel}>
      <CustomerCard customer={customer} conversation={conversation} chat={chat} />
      {conversation.satisfaction && <Satisfaction satisfaction={conversation.satisfaction} />}
      {chat && <WebsiteVisit customer={customer} />}
      <Orders customerId={customerId} />
      <OtherConversations conversations={conversations} exceptId={conversation.id} />
    </div>
  );
}
