import { Check, CircleDashed, Hourglass, Minus } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/Button.tsx';
import { Mark } from '../../components/Mark.tsx';
import { type GuideStep, guideSteps } from '../../stores/guide.ts';
import styles from './GuideFrame.module.css';
import type { StepState } from './progress.ts';

const SIGNS = { open: CircleDashed, waiting: Hourglass, done: Check, skipped: Minus } as const;
const WORDS = {
  open: 'setup.guide.state_open',
  waiting: 'setup.guide.state_waiting',
  done: 'setup.guide.state_done',
  skipped: 'setup.guide.state_skipped',
} as const;

interface GuideFrameProps {
  states: Readonly<Record<GuideStep, StepState>>;
  /** Null at the end. */
  current: GuideStep | null;
  /** Null while nobody is signed in: there is nowhere else to go. */
  onGo: ((step: GuideStep) => void) | null;
  onLeave: (() => void) | null;
  /** Moves on without doing this step, or after it. */
  next: ReactNode;
  footer: ReactNode;
  notice: ReactNode;
  children: ReactNode;
}

/** The first steps of a desk: all of them at the side with how they stand, one in the middle. */
export function GuideFrame({ states, current, onGo, onLeave, next, footer, notice, children }: GuideFrameProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    // A new step is read from its title; at the very first the page itself is.
    if (!first.current) heading.current?.focus();
    first.current = false;
    heading.current?.closest('[data-scroll]')?.scrollTo({ top: 0 });
    void current;
  }, [current]);
  const index = current === null ? guideSteps.length : guideSteps.indexOf(current);
  const title = current === null ? t('setup.guide.doneTitle') : t(`setup.guide.${current}Title`);
  const lead = current === null ? t('setup.guide.doneLead') : t(`setup.guide.${current}Lead`);

  return (
    <main className={styles.guide}>
      <nav className={styles.side} aria-label={t('setup.guide.steps')}>
        <div className={styles.brand}>
          <Mark size={28} />
          <span>{t('app.name')}</span>
        </div>
        <ol className={styles.steps}>
          {guideSteps.map((step) => {
            const Sign = SIGNS[states[step]];
            return (
              <li key={step}>
                <button
                  type="button"
                  className={styles.step}
                  data-state={states[step]}
                  aria-current={step === current ? 'step' : undefined}
                  disabled={onGo === null || step === 'admin'}
                  onClick={() => onGo?.(step)}
                >
                  <Sign size={16} aria-hidden="true" className={styles.sign} />
                  <span className={styles.name}>{t(`setup.guide.${step}`)}</span>
                  <span className={styles.word}>{t(WORDS[states[step]])}</span>
                </button>
              </li>
            );
          })}
        </ol>
        <span className={styles.space} />
        {onLeave && (
          <Button look="quiet" onClick={onLeave}>
            {t('setup.guide.leave')}
          </Button>
        )}
        <div className={styles.footer}>{footer}</div>
      </nav>
      <div className={styles.content} data-scroll>
        {notice}
        <article className={styles.page}>
          {current !== null && (
            <p className={styles.count}>{t('setup.guide.count', { step: index + 1, of: guideSteps.length })}</p>
          )}
          <h1 className={styles.title} ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <p className={styles.lead}>{lead}</p>
          <div className={styles.body}>{children}</div>
          {next && <div className={styles.next}>{next}</div>}
        </article>
      </div>
    </main>
  );
}
