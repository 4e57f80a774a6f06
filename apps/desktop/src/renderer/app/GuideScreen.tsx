import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Loaded } from '../components/Loaded.tsx';
import { ownTimeZone } from '../components/time-zones.ts';
import { toFailureText } from '../desk/api/failure-text.ts';
import { useQueueCounts } from '../desk/hooks.ts';
import { AccountEditor } from '../features/accounts/AccountEditor.tsx';
import { kindOf } from '../features/accounts/kinds.ts';
import { toPreviewAddress } from '../features/accounts/script-tag.ts';
import { InviteForm } from '../features/people/InviteForm.tsx';
import { LimitsNotice } from '../features/server/LimitsNotice.tsx';
import { LookButton } from '../features/settings/LookButton.tsx';
import { DeskForm } from '../features/setup/DeskForm.tsx';
import { DoneStep } from '../features/setup/DoneStep.tsx';
import { GuideFrame } from '../features/setup/GuideFrame.tsx';
import { type DeskFacts, findFollowing, findNextStep, findStepState } from '../features/setup/progress.ts';
import { TryStep } from '../features/setup/TryStep.tsx';
import { currentServer } from '../platform/platform.ts';
import { useDesk } from '../session/desk-context.ts';
import { type GuideStep, guideSteps, useGuideMarks, useGuideStore } from '../stores/guide.ts';
import { goToDesk } from './use-address.ts';
import { useGuideFacts } from './use-guide-facts.ts';

/** What a desk is called before anybody gave it a name (the server's own word). */
const UNNAMED = 'Tradewind';
const STEP_KINDS = { mailbox: 'mailgun', shop: 'shopify', chat: 'web-chat' } as const;

/** The first steps of a desk, for its admin: left and come back to at any time; the settings have the same parts. */
export function GuideScreen() {
  const { t } = useTranslation();
  const { agent } = useDesk();
  const server = currentServer() ?? '';
  const marks = useGuideMarks(server);
  const mark = useGuideStore((state) => state.mark);
  const facts = useGuideFacts(agent.id);
  const conversations = useQueueCounts()?.all ?? 0;
  const [chosen, setChosen] = useState<GuideStep | 'done' | null>(null);
  const known: DeskFacts = {
    signedIn: true,
    named: facts.value !== undefined && facts.value.desk.name !== UNNAMED,
    mailbox: facts.value?.mailbox ?? null,
    shop: facts.value?.shop ?? null,
    chat: facts.value?.chat ?? null,
    colleagues: facts.value?.colleagues ?? 0,
    conversations,
  };
  // Visitors read it above the chat.
  const chatName = known.named ? facts.value?.desk.name : undefined;
  const first = findNextStep(known, marks) ?? 'done';
  const isKnown = facts.value !== undefined;
  useEffect(() => {
    // Where it goes on is decided once: what is done from then on must not pull the page away from whoever reads it.
    if (isKnown) setChosen((before) => before ?? first);
  }, [isKnown, first]);
  const step = chosen === 'done' ? null : (chosen ?? 'desk');
  const states = Object.fromEntries(guideSteps.map((each) => [each, findStepState(each, known, marks)])) as Record<
    GuideStep,
    ReturnType<typeof findStepState>
  >;

  function goOn(from: GuideStep, nextMarks = marks) {
    setChosen(findFollowing(from, known, nextMarks) ?? 'done');
  }

  function skip(from: GuideStep) {
    const next = { ...marks, skipped: [...new Set([...marks.skipped, from])] };
    mark(server, next);
    goOn(from, next);
  }

  function finish() {
    mark(server, { closed: true });
    goToDesk();
  }

  const state = step === null ? null : states[step];
  const isThrough = state === 'done' || state === 'waiting';

  return (
    <GuideFrame
      states={states}
      current={step}
      onGo={setChosen}
      onLeave={goToDesk}
      notice={<LimitsNotice />}
      footer={<LookButton />}
      next={
        step !== null &&
        step !== 'desk' && (
          <Button look={isThrough ? 'primary' : 'quiet'} onClick={() => (isThrough ? goOn(step) : skip(step))}>
            {isThrough ? t('setup.guide.continue') : t('setup.guide.skip')}
          </Button>
        )
      }
    >
      <Loaded
        ready={facts.value !== undefined}
        failure={facts.failure && toFailureText(facts.failure, t)}
        onRetry={() => void facts.reload()}
      >
        {step === 'desk' && facts.value && (
          <DeskForm
            initial={{
              name: known.named ? facts.value.desk.name : '',
              timeZone: facts.value.desk.timeZone,
            }}
            submit={t('setup.guide.saveAndGoOn')}
            onSaved={() => {
              const next = { ...marks, deskSaved: true };
              mark(server, { deskSaved: true });
              void facts.reload();
              goOn('desk', next);
            }}
          />
        )}
        {(step === 'mailbox' || step === 'shop' || step === 'chat') && (
          <AccountEditor
            key={step}
            definition={kindOf(STEP_KINDS[step])}
            account={known[step]}
            teams={[]}
            timeZone={facts.value?.desk.timeZone ?? ownTimeZone()}
            {...(step === 'chat' ? { initial: { allowedOrigins: server }, initialName: chatName } : {})}
            onSaved={() => void facts.reload()}
          />
        )}
        {step === 'people' && <InviteForm teams={[]} onInvited={() => void facts.reload()} />}
        {step === 'try' && (
          <TryStep
            mailbox={known.mailbox}
            chat={known.chat}
            preview={known.chat && toPreviewAddress(known.chat)}
            conversations={conversations}
          />
        )}
        {step === null && <DoneStep states={states} onGo={setChosen} onFinish={finish} />}
      </Loaded>
    </GuideFrame>
  );
}
