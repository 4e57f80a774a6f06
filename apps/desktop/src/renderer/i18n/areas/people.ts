/** Words of one area in both languages: people, accounts and security in the settings. `zhCn` has the same keys. */
export const peopleEn = {} as const;

export const peopleZhCn = {} as const;
