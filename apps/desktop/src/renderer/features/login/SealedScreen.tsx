import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';
import { useDesk } from '../../session/desk-context.ts';

/** The server has not been heard for so long that this device may have been given up: it shows nothing before it has. */
export function SealedScreen({ footer }: { footer: ReactNode }) {
  const { t } = useTranslation();
  const desk = useDesk();
  return (
    <CardScreen title={t('devices.sealedTitle')} hint={t('devices.sealedHint')} footer={footer}>
      <Button look="primary" onClick={() => desk.retryNow()}>
        {t('devices.sealedRetry')}
      </Button>
    </CardScreen>
  );
}
