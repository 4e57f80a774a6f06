import { useTranslation } from 'react-i18next';
import { Callout } from '../../components/Callout.tsx';
import { useTokenStorage } from '../../platform/use-token-storage.ts';

/** Why the desktop app asks for the password after each start: the system has no safe place for the session. */
export function MemoryNote() {
  const { t } = useTranslation();
  if (useTokenStorage() !== 'memory') return null;
  return (
    <Callout look="warn" title={t('people.device.memoryTitle')}>
      <p data-testid="session-in-memory">{t('people.device.memory')}</p>
    </Callout>
  );
}
