import { useTranslation } from 'react-i18next';
import { Avatar } from '../../components/Avatar.tsx';
import { Block } from '../../components/Block.tsx';
import { ListRow, Rows } from '../../components/ListRow.tsx';
import { Loaded } from '../../components/Loaded.tsx';
import { toFailureText } from '../../desk/api/failure-text.ts';
import { readMe } from '../../desk/api/own-account.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { useDesk } from '../../session/desk-context.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { TotpBlock } from './TotpBlock.tsx';

/** One's own name, password and log-in codes. */
export function OwnAccountSection() {
  const { t } = useTranslation();
  const { agent } = useDesk();
  const me = useLoad(readMe);
  return (
    <>
      <Rows label={t('people.settings.account')}>
        <ListRow
          icon={<Avatar name={agent.name} size={40} />}
          title={me.value?.name ?? agent.name}
          detail={`${agent.email} · ${agent.role === 'admin' ? t('people.roleAdmin') : t('people.roleAgent')}`}
        />
      </Rows>
      <p className="quiet">{agent.role === 'admin' ? t('people.own.nameHintAdmin') : t('people.own.nameHint')}</p>
      <Block title={t('people.own.password')} hint={t('people.own.passwordHint')}>
        <PasswordForm email={agent.email} />
      </Block>
      <Loaded
        ready={me.value !== undefined}
        failure={me.failure && toFailureText(me.failure, t)}
        onRetry={() => void me.reload()}
      >
        {me.value && <TotpBlock on={me.value.totp} onChanged={() => void me.reload()} />}
      </Loaded>
    </>
  );
}
