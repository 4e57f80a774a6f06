import { PROTOCOL_VERSION } from '@tradewind/shared/protocol/version';
import { useTranslation } from 'react-i18next';
import { Mark } from '../../components/Mark.tsx';
import { readSetup } from '../../desk/api/setup.ts';
import { useLoad } from '../../desk/api/use-load.ts';
import { currentServer, platform } from '../../platform/platform.ts';
import styles from './AboutSection.module.css';

/** Which product this is, in which versions, at which desk: what support asks first. */
export function AboutSection() {
  const { t } = useTranslation();
  const { value } = useLoad(readSetup);
  const facts: [string, string][] = [
    [t('people.about.desk'), value?.deskName ?? '–'],
    [t('people.about.server'), currentServer() ?? '–'],
    [t('people.about.serverVersion'), value?.version ?? '–'],
    [t('people.about.protocol'), String(PROTOCOL_VERSION)],
  ];
  if (platform.bridge)
    facts.push([t('people.about.app'), `${platform.bridge.info.version} (${platform.bridge.info.platform})`]);
  return (
    <div className={styles.about}>
      <Mark size={40} />
      <dl className={styles.facts}>
        {facts.map(([name, fact]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{t('people.about.licence')}</p>
    </div>
  );
}
