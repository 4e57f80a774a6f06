import type { ErasingReason } from '@tradewind/shared/protocol/erasing';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { CardScreen } from '../../components/CardScreen.tsx';

interface ErasedScreenProps {
  reason: ErasingReason;
  footer: ReactNode;
  onContinue: () => void;
}

/** Nothing of the agent lies here any more, because the server said so: what happened, and whom to ask. */
export function ErasedScreen({ reason, footer, onContinue }: ErasedScreenProps) {
  const { t } = useTranslation();
  return (
    <CardScreen title={t('devices.erasedTitle')} hint={t(`devices.erased_${reason}`)} footer={footer}>
      <p className="quiet">{t('devices.erasedHint')}</p>
      <Button look="primary" onClick={onContinue}>
        {t('devices.erasedContinue')}
      </Button>
    </CardScreen>
  );
}
