import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './Button.tsx';
import { Callout } from './Callout.tsx';
import { Skeleton } from './Skeleton.tsx';

interface LoadedProps {
  /** There is something to show, perhaps from before. */
  ready: boolean;
  /** Why the last attempt to read it came to nothing, in a sentence. */
  failure: string | null;
  onRetry: () => void;
  children: ReactNode;
}

/** What is read from the server: rows of grey while it loads, and what went wrong with a way to try again. */
export function Loaded({ ready, failure, onRetry, children }: LoadedProps) {
  const { t } = useTranslation();
  return (
    <>
      {failure !== null && (
        <Callout look="warn" live="alert" action={<Button onClick={onRetry}>{t('app.tryAgain')}</Button>}>
          <p>{failure}</p>
        </Callout>
      )}
      {ready ? children : failure === null && <Skeleton rows={3} height={60} />}
    </>
  );
}
