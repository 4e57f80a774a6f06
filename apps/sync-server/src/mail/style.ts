// What a mail may say about its own looks. Nothing that moves content over other content, and nothing that loads.
const PROPERTIES = new Set(
  (
    'color background-color text-align text-decoration text-indent text-transform vertical-align direction unicode-bidi ' +
    'font font-family font-size font-style font-weight font-variant line-height letter-spacing word-spacing word-break ' +
    'overflow-wrap white-space width height max-width min-width max-height min-height ' +
    'margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left ' +
    'border border-top border-right border-bottom border-left border-color border-style border-width border-radius ' +
    'border-collapse border-spacing table-layout list-style-type display'
  ).split(' '),
);
// No `\` (escapes could spell anything), no `/` (comments, addresses), no `:`, `@`, `{`, `<` or `&`.
const SAFE_VALUE = /^[\p{L}\p{N}#%.,()'" !+_-]*$/u;
const COLOUR_FUNCTION = /\b(?:rgb|hsl)a?\(/gi;
const MAX_STYLE_LENGTH = 4_000;

/** Keeps the harmless declarations of a style attribute; `''` when none is left. */
export function sanitiseStyle(style: string): string {
  if (style.length > MAX_STYLE_LENGTH) return '';
  const kept: string[] = [];
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':');
    if (colon < 0) continue;
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (PROPERTIES.has(property) && isSafeValue(property, value)) kept.push(`${property}:${value}`);
  }
  return kept.join(';');
}

function isSafeValue(property: string, value: string): boolean {
  if (value === '' || !SAFE_VALUE.test(value)) return false;
  if (value.replace(COLOUR_FUNCTION, '').includes('(')) return false;
  // Negative margins pull content over its neighbours, as `position` would.
  return !(property.startsWith('margin') && /(^|\s)-/.test(value));
}
