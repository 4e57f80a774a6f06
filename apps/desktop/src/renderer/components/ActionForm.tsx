import type { ComponentProps, ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Form } from './Form.tsx';

interface ActionFormProps {
  children: ReactNode;
  /** What sending it has come to (desk/api/use-action.ts). */
  action: { readonly busy: boolean; readonly message: string | null; readonly attempt: number };
  /** On the button that sends it. */
  submit: string;
  look?: ComponentProps<typeof Button>['look'];
  /** Other buttons. */
  beside?: ReactNode;
  wide?: boolean;
  onSubmit: () => Promise<void>;
}

/** A form that sends one thing: its button waits while it does, and what was wrong is said above it. */
export function ActionForm(props: ActionFormProps) {
  const { children, action, submit, look = 'primary', beside, wide = false, onSubmit } = props;
  return (
    <Form
      wide={wide}
      message={action.message}
      attempt={action.attempt}
      onSubmit={() => void onSubmit()}
      actions={
        <>
          <Button look={look} type="submit" disabled={action.busy}>
            {submit}
          </Button>
          {beside}
        </>
      }
    >
      {children}
    </Form>
  );
}
