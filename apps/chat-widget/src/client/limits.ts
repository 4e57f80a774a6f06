/** The limits of `@tradewind/shared/chat/wire`, repeated so that its schemas are not shipped to visitors; a test compares. */
export const MAX_TEXT = 10_000;
export const MAX_FILES = 5;
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
