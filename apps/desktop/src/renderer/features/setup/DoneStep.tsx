import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { type GuideStep, guideSteps } from '../../stores/guide.ts';
import type { StepState } from './progress.ts';

interface DoneStepProps {
  states: Readonly<Record<GuideStep, StepState>>;
  onGo: (step: GuideStep) => void;
  onFinish: () => void;
}

/** The end of the guide: what was put off is named once more, with the way to it. */
export function DoneStep({ states, onGo, onFinish }: DoneStepProps) {
  const { t } = useTranslation();
  const left = guideSteps.filter((step) => states[step] === 'skipped' || states[step] === 'open');
  return (
    <div className="stack">
      {left.length > 0 && (
        <>
          <p>{t('setup.guide.left')}</p>
          <p className="buttons">
            {left.map((step) => (
              <Button key={step} onClick={() => onGo(step)}>
                {t(`setup.guide.${step}`)}
              </Button>
            ))}
          </p>
        </>
      )}
      <p>{t('setup.guide.later')}</p>
      <p>
        <Button look="primary" onClick={onFinish}>
          {t('setup.guide.toDesk')}
        </Button>
      </p>
    </div>
  );
}
