/** Paths for `icon`, 24 by 24. */
export const ICONS = {
  close: 'm6 6 12 12M18 6 6 18',
  attach: 'm20 11.5-8.2 8.2a5 5 0 0 1-7-7l8.1-8.2a3.3 3.3 0 0 1 4.7 4.7l-8.1 8.1a1.7 1.7 0 0 1-2.4-2.3l7.5-7.5',
  send: 'M12 19V5m-6 6 6-6 6 6',
  file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Zm0 0v5h5',
  retry: 'M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5',
  down: 'M12 5v14m-6-6 6 6 6-6',
} as const;
