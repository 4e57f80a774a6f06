/** Words of one area in both languages: server address, first steps, log-in helpers. `zhCn` has the same keys. */
export const setupEn = {} as const;

export const setupZhCn = {} as const;
