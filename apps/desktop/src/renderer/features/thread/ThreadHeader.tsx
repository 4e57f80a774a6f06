import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { ChevronDown, CircleCheck, CircleDot, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { ChannelIcon } from '../../components/ChannelIcon.tsx';
import { Menu, MenuChoices } from '../../components/Menu.tsx';
import { useKeys } from '../../components/use-keys.ts';
import type { Directory } from '../../desk/types.ts';
import { useDesk } from '../../session/desk-context.ts';
import { StatusMenu } from './StatusMenu.tsx';
import { AddTag, Tags } from './Tags.tsx';
import styles from './ThreadHeader.module.css';

interface ThreadHeaderProps {
  conversation: Conversation;
  customerName: string;
  channelName: string;
  directory: Directory;
  /** Back to the list, where list and thread take turns. */
  leading: ReactNode;
  /** The panel's switch. */
  trailing: ReactNode;
}

const NOBODY = 'nobody';

function AssigneeMenu({ conversation, directory }: { conversation: Conversation; directory: Directory }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { assigneeId } = conversation;
  const assignee = assigneeId === null ? undefined : directory.byId.get(assigneeId);
  const agents = directory.agents
    .filter((agent) => !agent.disabled || agent.id === assigneeId)
    .toSorted((left, right) => Number(right.id === desk.agent.id) - Number(left.id === desk.agent.id));
  const name = assignee?.name ?? (assigneeId === null ? t('common.nobody') : t('common.unknownAgent'));
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          className={styles.choice ?? ''}
          icon={assigneeId === null ? <UserRound size={16} aria-hidden="true" /> : <Avatar name={name} size={18} />}
        >
          <span className="hidden-visually">{t('common.prefix', { label: t('header.assignee') })}</span>
          <span className={styles.assignee}>{name}</span>
          <ChevronDown size={14} aria-hidden="true" />
        </Button>
      }
    >
      <MenuChoices
        label={t('header.assignee')}
        value={assigneeId ?? NOBODY}
        options={[
          ...agents.map((agent) => ({
            value: agent.id,
            label: agent.id === desk.agent.id ? t('header.me', { name: agent.name }) : agent.name,
            icon: <Avatar name={agent.name} size={18} />,
            hint: agent.id === desk.agent.id ? 'A' : undefined,
          })),
          { value: NOBODY, label: t('header.unassign'), icon: <UserRound size={16} aria-hidden="true" /> },
        ]}
        onChange={(value) =>
          void desk.send({
            type: 'assign',
            conversationId: conversation.id,
            agentId: value === NOBODY ? null : value,
          })
        }
      />
    </Menu>
  );
}

/** Subject, customer and channel, and what can be decided about the conversation; owns the keys `a` and `e`. */
export function ThreadHeader(props: ThreadHeaderProps) {
  const { conversation, customerName, channelName, directory } = props;
  const { t } = useTranslation();
  const desk = useDesk();
  const resolved = conversation.status === 'resolved';

  function setStatus(status: 'open' | 'resolved') {
    void desk.send({ type: 'set-status', conversationId: conversation.id, status });
  }

  useKeys({
    e: () => !resolved && setStatus('resolved'),
    a: () =>
      conversation.assigneeId !== desk.agent.id &&
      void desk.send({ type: 'assign', conversationId: conversation.id, agentId: desk.agent.id }),
  });

  return (
    <header className={styles.header}>
      {props.leading}
      <div className={styles.rows}>
        <div className={styles.row}>
          <h2 className={styles.subject} dir="auto" title={conversation.subject}>
            {conversation.subject || t('common.noSubject')}
          </h2>
          <Button
            onClick={() => setStatus(resolved ? 'open' : 'resolved')}
            title={resolved ? undefined : `${t('status.resolve')} (E)`}
            icon={resolved ? <CircleDot size={16} aria-hidden="true" /> : <CircleCheck size={16} aria-hidden="true" />}
          >
            {resolved ? t('status.reopen') : t('status.resolve')}
          </Button>
          {props.trailing}
        </div>
        <div className={styles.row}>
          <bdi className={styles.customer}>{customerName}</bdi>
          <span className={styles.channel} title={t('header.via', { channel: channelName })}>
            <ChannelIcon kind={conversation.channelKind} size={14} />
            <bdi className="ellipsis">{channelName}</bdi>
          </span>
          <AddTag conversation={conversation} />
          <span className={styles.space} />
          <AssigneeMenu conversation={conversation} directory={directory} />
          <StatusMenu conversation={conversation} />
        </div>
        {conversation.tags.length > 0 && <Tags conversation={conversation} />}
      </div>
    </header>
  );
}
