import { useTranslation } from 'react-i18next';
import { useLocale } from '../i18n/use-format.ts';
import { useColleagues, useDirectory } from './hooks.ts';
import type { Colleague } from './types.ts';

/** Colleagues in a conversation, as words: whoever writes matters more than who looks. */
export interface ColleagueWords {
  /** '' where nobody writes. */
  writing: string;
  /** '' where nobody looks. */
  viewing: string;
  names: readonly string[];
}

/** Puts colleagues into words; the names come from the directory. */
export function useColleagueWords(): (colleagues: readonly Colleague[] | undefined) => ColleagueWords | null {
  const { t } = useTranslation();
  const locale = useLocale();
  const { byId } = useDirectory();
  return (colleagues) => {
    if (!colleagues || colleagues.length === 0) return null;
    const nameOf = ({ agentId }: Colleague) => byId.get(agentId)?.name ?? t('common.unknownAgent');
    const toNames = (state: Colleague['state']) => colleagues.filter((one) => one.state === state).map(nameOf);
    const list = new Intl.ListFormat(locale, { type: 'conjunction', style: 'short' });
    const say = (key: 'shell.colleaguesWriting' | 'shell.colleaguesViewing', names: readonly string[]) =>
      names.length === 0 ? '' : t(key, { count: names.length, names: list.format(names) });
    return {
      writing: say('shell.colleaguesWriting', toNames('typing')),
      viewing: say('shell.colleaguesViewing', toNames('viewing')),
      names: colleagues.map(nameOf),
    };
  };
}

/** The colleagues in one conversation. */
export function useColleaguesIn(conversationId: string): ColleagueWords | null {
  const toWords = useColleagueWords();
  return toWords(useColleagues().get(conversationId));
}
