import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ActionForm } from '../../components/ActionForm.tsx';
import { Button } from '../../components/Button.tsx';
import { CheckList } from '../../components/CheckList.tsx';
import { TextField } from '../../components/TextField.tsx';
import { type Account, changeAccount, createAccount } from '../../desk/api/accounts.ts';
import { useAction } from '../../desk/api/use-action.ts';
import { AccountFieldView } from './AccountFieldView.tsx';
import styles from './AccountForm.module.css';
import { type FormValues, findMissing, isStoredSecret, toConfig, toFormValues } from './draft.ts';
import type { KindDefinition } from './kinds.ts';

interface AccountFormProps {
  definition: KindDefinition;
  /** The one to change; null makes a new one. */
  account: Account | null;
  /** Values a new one begins with. */
  initial?: FormValues;
  initialName?: string | undefined;
  /** To choose who may see it from; empty hides the choice. */
  teams: readonly { id: string; name: string }[];
  timeZone: string;
  /** Leaves a connected account as it is. */
  onCancel: () => void;
  onSaved: (account: Account) => void;
}

/** Name and configuration of a channel account or a shop. Secrets go to the server and never come back. */
export function AccountForm(props: AccountFormProps) {
  const { definition, account, initial, initialName, teams, timeZone, onCancel, onSaved } = props;
  const { t } = useTranslation();
  const { kind, family, fields } = definition;
  const [name, setName] = useState(account?.name ?? initialName ?? t(`setup.account.defaultName_${kind}`));
  const [values, setValues] = useState<FormValues>({ ...toFormValues(definition, account?.config ?? {}), ...initial });
  const [teamIds, setTeamIds] = useState<readonly string[]>(account?.teamIds ?? []);
  const action = useAction(['name', ...fields.map(({ key }) => `config.${key}`)]);
  const basic = fields.filter((field) => !field.extra);
  const extra = fields.filter((field) => field.extra);
  const extraIsWrong = extra.some(({ key }) => action.errorOf(`config.${key}`) !== null);
  const details = useRef<HTMLDetailsElement>(null);
  // Before the form leads the cursor to its first wrong field: a folded one could not take it.
  useLayoutEffect(() => {
    if (extraIsWrong && details.current) details.current.open = true;
  }, [extraIsWrong]);

  async function handleSubmit() {
    const missing = findMissing(definition, values, account).map((key) => [`config.${key}`, t('setup.says.required')]);
    if (name.trim() === '') missing.unshift(['name', t('setup.says.required')]);
    if (missing.length > 0) return action.refuse(Object.fromEntries(missing));
    const draft = { name: name.trim(), config: toConfig(definition, values, account), teamIds };
    const saved = await action.run(() =>
      account ? changeAccount(family, account.id, draft) : createAccount(family, kind, draft),
    );
    if (saved) onSaved(saved.value);
  }

  const show = (list: typeof fields) =>
    list.map((field) => (
      <AccountFieldView
        key={field.key}
        kind={kind}
        field={field}
        values={values}
        error={action.errorOf(`config.${field.key}`)}
        stored={isStoredSecret(account, field.key)}
        timeZone={timeZone}
        onChange={(value) => setValues({ ...values, [field.key]: value })}
      />
    ));

  return (
    <ActionForm
      action={action}
      submit={t(action.busy ? 'setup.account.saving' : account ? 'setup.account.save' : 'setup.account.connect')}
      beside={
        account && (
          <Button look="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )
      }
      onSubmit={handleSubmit}
    >
      <TextField
        label={t('setup.account.name')}
        hint={kind === 'web-chat' ? t('setup.account.chatNameHint') : t('setup.account.nameHint')}
        error={action.errorOf('name')}
        name="account-name"
        value={name}
        onChange={setName}
      />
      {show(basic)}
      <details ref={details} className={styles.extra}>
        <summary>{t('setup.account.extra')}</summary>
        <div className={styles.extraFields}>
          {show(extra)}
          {teams.length > 0 && (
            <CheckList
              legend={t('setup.account.teams')}
              hint={t('setup.account.teamsHint')}
              options={teams}
              checked={teamIds}
              onChange={setTeamIds}
            />
          )}
        </div>
      </details>
    </ActionForm>
  );
}
