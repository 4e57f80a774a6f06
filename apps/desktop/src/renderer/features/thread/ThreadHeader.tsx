import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { ChevronDown, CircleCheck, CircleDot, UserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Button } from '../../components/Button.tsx';
import { ChannelIcon } from '../../components/ChannelIcon.tsx';
import { Menu, MenuChoices } from '../../components/Menu.tsx';
import { useKeys } from '../../components/use-keys.ts';
import { titleConversation } from '../../desk/customer-label.ts';
import { usePresences } from '../../desk/hooks.ts';
import type { AgentEntry, Directory, Presence } from '../../desk/types.ts';
import { useDesk } from '../../session/desk-context.ts';
import { Colleagues } from './Colleagues.tsx';
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

const PRESENCE_ORDER = ['online', 'away', undefined] as const;

/** Oneself first, then whoever is there, then who is away; those who are gone last. */
function toOrder(agent: { id: string }, ownId: string, presences: ReadonlyMap<string, Presence> | null): number {
  return agent.id === ownId ? -1 : PRESENCE_ORDER.indexOf(presences?.get(agent.id));
}

function AssigneeMenu({ conversation, directory }: { conversation: Conversation; directory: Directory }) {
  const { t } = useTranslation();
  const desk = useDesk();
  const { assigneeId } = conversation;
  const assignee = assigneeId === null ? undefined : directory.byId.get(assigneeId);
  const presences = usePresences();
  const order = (agent: AgentEntry) => toOrder(agent, desk.agent.id, presences);
  const agents = directory.agents
    .filter((agent) => !agent.disabled || agent.id === assigneeId)
    .toSorted((left, right) => order(left) - order(right));
  const name = assignee?.name ?? (assigneeId === null ? t('common.nobody') : t('common.unknownAgent'));
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          className={styles.choice ?? ''}
          icon={
            assigneeId === null ? (
              <UserRound size={16} aria-hidden="true" />
            ) : (
              <Avatar name={name} size={18} presence={presences?.get(assigneeId)} />
            )
          }
          title={assignee && presences ? t(`shell.presence_${presences.get(assignee.id) ?? 'offline'}`) : undefined}
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
            icon: <Avatar name={agent.name} size={18} presence={presences?.get(agent.id)} />,
            hint: (
              <>
                {presences && t(`shell.presence_${presences.get(agent.id) ?? 'offline'}`)}
                {agent.id === desk.agent.id && ' · A'}
              </>
            ),
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
  const title = titleConversation(conversation, customerName, t);
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
          <h2 className={styles.subject} dir="auto" title={title}>
            {title}
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
          {title !== customerName && <bdi className={styles.customer}>{customerName}</bdi>}
          <span className={styles.channel} title={t('header.via', { channel: channelName })}>
            <ChannelIcon kind={conversation.channelKind} size={14} />
            <bdi className="ellipsis">{channelName}</bdi>
          </span>
          <AddTag conversation={conversation} />
          <Colleagues conversationId={conversation.id} />
          <AssigneeMenu conversation={conversation} directory={directory} />
          <StatusMenu conversation={conversation} />
        </div>
        {conversation.tags.length > 0 && <Tags conversation={conversation} />}
      </div>
    </header>
  );
}
