import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../components/Button.tsx';
import type { SettingsSection } from '../../stores/route.ts';
import styles from './SettingsFrame.module.css';

export interface SettingsGroup {
  label: string;
  sections: readonly SettingsSection[];
}

interface SettingsFrameProps {
  groups: readonly SettingsGroup[];
  section: SettingsSection;
  children: ReactNode;
  onBack: () => void;
  /** Below the sections: the guide, log-out. */
  more?: ReactNode;
}

/** The settings: their sections at the side, one of them open. */
export function SettingsFrame({ groups, section, children, onBack, more }: SettingsFrameProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const side = useRef<HTMLElement>(null);
  useEffect(() => {
    heading.current?.focus();
    scroller.current?.scrollTo({ top: 0 });
    // On narrow windows the sections are one line that scrolls.
    side.current
      ?.querySelector(`a[href="#/settings/${section}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [section]);
  return (
    <div className={styles.settings}>
      <nav ref={side} className={styles.side} aria-label={t('people.settings.sections')}>
        <div className={styles.top}>
          <IconButton label={t('people.settings.back')} onClick={onBack}>
            <ArrowLeft size={18} aria-hidden="true" />
          </IconButton>
          <h2 className={styles.name}>{t('nav.settings')}</h2>
        </div>
        {groups.map(({ label, sections }) => (
          <div key={label} className={styles.group}>
            <p className={styles.label}>{label}</p>
            <ul>
              {sections.map((each) => (
                <li key={each}>
                  <a
                    className={styles.link}
                    href={`#/settings/${each}`}
                    aria-current={each === section ? 'page' : undefined}
                  >
                    {t(`people.settings.${each}`)}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
        {more && <div className={styles.more}>{more}</div>}
      </nav>
      <div className={styles.content} ref={scroller}>
        <article className={styles.page}>
          <h1 className={styles.title} ref={heading} tabIndex={-1}>
            {t(`people.settings.${section}`)}
          </h1>
          <p className={styles.hint}>{t(`people.settings.${section}Hint`)}</p>
          {children}
        </article>
      </div>
    </div>
  );
}
