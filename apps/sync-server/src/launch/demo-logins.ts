/**
 * The logins of the demo, the same in every copy: it holds only invented people and listens on this machine alone.
 */
export const DEMO_PASSWORD = 'tradewind-demo';
export const DEMO_ADMIN = { email: 'admin@demo.tradewind.example', password: DEMO_PASSWORD } as const;
export const DEMO_AGENTS = [
  'mei@demo.tradewind.example',
  'sam@demo.tradewind.example',
  'layla@demo.tradewind.example',
] as const;
