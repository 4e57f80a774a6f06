import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { loadNewest } from '../service-worker/register.ts';
import styles from './App.module.css';

interface ErrorScreenProps {
  title: string;
  hint: string;
  action: string;
  detail: string;
  onAction: () => void;
}

/** What happened, what to do, and the details folded. */
export function ErrorScreen({ title, hint, action, detail, onAction }: ErrorScreenProps) {
  const { t } = useTranslation();
  return (
    <main className={styles.error}>
      <div role="alert">
        <h1 className={styles.errorTitle}>{title}</h1>
        <p className={styles.errorHint}>{hint}</p>
      </div>
      <Button look="primary" onClick={onAction}>
        {action}
      </Button>
      <details className={styles.errorDetails}>
        <summary>{t('app.details')}</summary>
        <pre>{detail}</pre>
      </details>
    </main>
  );
}

function Crashed({ error }: { error: Error }) {
  const { t } = useTranslation();
  return (
    <ErrorScreen
      title={t('app.failed')}
      hint={t('app.failedHint')}
      action={t('app.reload')}
      detail={error.stack ?? error.message}
      onAction={() => void loadNewest()}
    />
  );
}

/** The last net: a screen that broke says so instead of going blank. */
export class CrashNet extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    return this.state.error ? <Crashed error={this.state.error} /> : this.props.children;
  }
}
