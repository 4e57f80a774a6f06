/** What a code of BCP 47 or ISO 3166 is called in the reader's language; anything else is shown as it came. */
function nameCode(code: string, type: 'language' | 'region', locale: string): string {
  try {
    return new Intl.DisplayNames([locale], { type }).of(code) ?? code;
  } catch {
    return code; // shops and visitors' pages send whatever they like
  }
}

/** `zh-CN` → “中文（中国）”. */
export function nameLanguage(tag: string, locale: string): string {
  return nameCode(tag, 'language', locale);
}

/** `DE` → “德国”; some shops send the name itself. */
export function nameCountry(code: string, locale: string): string {
  return nameCode(code, 'region', locale);
}
