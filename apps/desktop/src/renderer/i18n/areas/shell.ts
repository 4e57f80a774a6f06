/** Words of one area in both languages: notices, tray, devices and the browser's limits. `zhCn` has the same keys. */
export const shellEn = {} as const;

export const shellZhCn = {} as const;
