import type { Logger } from 'pino';
import { Login } from '../auth/login.ts';
import { LoginGuard } from '../auth/login-guard.ts';
import { OwnPassword } from '../auth/own-password.ts';
import { PasswordResets } from '../auth/password-resets.ts';
import type { SessionStore } from '../auth/session-store.ts';
import { Setup } from '../auth/setup.ts';
import { TwoStep } from '../auth/two-step.ts';
import type { ChangeDeps } from '../replication/run-change.ts';
import { AgentService } from './agent-service.ts';
import type { DeskMail } from './desk-mail.ts';
import { DeskService } from './desk-service.ts';
import { InviteService } from './invite-service.ts';
import type { SecretBox } from './secret-box.ts';

export interface PeopleDeps extends ChangeDeps {
  sessions: SessionStore;
  secrets: SecretBox;
  mail: DeskMail;
  log: Logger;
  /** Address under which agents reach the desk, without a slash at the end. */
  publicUrl: () => string;
}

/** Everything about who works at the desk and how they prove it, wired together. */
export interface People {
  setup: Setup;
  desk: DeskService;
  login: Login;
  sessions: SessionStore;
  ownPassword: OwnPassword;
  twoStep: TwoStep;
  resets: PasswordResets;
  agents: AgentService;
  invites: InviteService;
  mail: DeskMail;
}

export function createPeople(deps: PeopleDeps): People {
  const { db, now, sessions, mail } = deps;
  const guard = new LoginGuard(db, now);
  const ownPassword = new OwnPassword(deps, sessions, guard);
  const twoStep = new TwoStep({ ...deps, ownPassword });
  return {
    setup: new Setup(deps, sessions),
    desk: new DeskService(db, now),
    login: new Login({ ...deps, guard, twoStep }),
    sessions,
    ownPassword,
    twoStep,
    resets: new PasswordResets({ ...deps, guard }),
    agents: new AgentService(deps),
    invites: new InviteService(deps),
    mail,
  };
}
