/** Words of one area in both languages: conversations of the website chat. `zhCn` has the same keys. */
export const chatEn = {} as const;

export const chatZhCn = {} as const;
