import { useTranslation } from 'react-i18next';
import { Block } from '../../components/Block.tsx';
import { Button } from '../../components/Button.tsx';
import { Switch } from '../../components/Switch.tsx';
import { askNoticePermission, useNoticePermission } from '../../notices/permission.ts';
import { usePreferences } from '../../stores/preferences.ts';

const EXPLAINED = {
  denied: 'shell.notice.denied',
  insecure: 'shell.notice.insecure',
  unsupported: 'shell.notice.unsupported',
} as const;

/** Notices on this device; where they cannot be had, why. */
export function NoticeBlock() {
  const { t } = useTranslation();
  const permission = useNoticePermission();
  const { notices, noticeSound, setNotices, setNoticeSound } = usePreferences();
  const possible = permission === 'granted' || permission === 'shell';
  const hint = permission in EXPLAINED ? t(EXPLAINED[permission as keyof typeof EXPLAINED]) : undefined;
  return (
    <Block title={t('shell.notice.label')} hint={hint}>
      {permission === 'default' && (
        <p>
          <Button onClick={() => void askNoticePermission()}>{t('shell.notice.turnOn')}</Button>
        </p>
      )}
      {possible && <Switch label={t('shell.notice.show')} checked={notices} onChange={setNotices} />}
      <Switch label={t('shell.notice.sound')} checked={noticeSound} onChange={setNoticeSound} />
    </Block>
  );
}
