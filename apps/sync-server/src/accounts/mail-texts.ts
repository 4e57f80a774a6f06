/** Languages of the mails the desk writes by itself. */
export type Language = 'en' | 'zh-CN';

export interface MailText {
  subject: string;
  text: string;
}

interface InviteFacts {
  desk: string;
  inviter: string;
  link: string;
}

interface ResetFacts {
  desk: string;
  link: string;
}

/** The words of the mails, in each language. They are plain text: a link is easier to trust when one can read it. */
export const MAIL_TEXTS: Readonly<
  Record<Language, { invite(facts: InviteFacts): MailText; reset(facts: ResetFacts): MailText }>
> = {
  en: {
    invite: ({ desk, inviter, link }) => ({
      subject: `${inviter} invites you to ${desk}`,
      text: `Hello,

${inviter} invites you to work at the support desk ${desk}. Open this address and choose a password:

${link}

It works once, for seven days. If you did not expect this mail, you need not do anything.
`,
    }),
    reset: ({ desk, link }) => ({
      subject: `A new password for ${desk}`,
      text: `Hello,

somebody, probably you, asked for a new password at the support desk ${desk}. Choose it at this address:

${link}

It works once, for one hour, and only the newest mail counts. If it was not you, you need not do anything: your password stays as it is.
`,
    }),
  },
  'zh-CN': {
    invite: ({ desk, inviter, link }) => ({
      subject: `${inviter} 邀请你加入 ${desk}`,
      text: `你好：

${inviter} 邀请你加入工作台 ${desk}。请打开以下地址并设置密码：

${link}

此链接七天内有效，只能使用一次。如果你没有在等这封邮件，无需任何操作。
`,
    }),
    reset: ({ desk, link }) => ({
      subject: `${desk} 的新密码`,
      text: `你好：

有人（很可能是你本人）请求为工作台 ${desk} 设置新密码。请在以下地址设置：

${link}

此链接一小时内有效，只能使用一次，且仅最新一封邮件有效。如果不是你本人的操作，无需任何处理，你的密码不会改变。
`,
    }),
  },
};
