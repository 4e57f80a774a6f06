type Attributes = Readonly<Record<string, string | boolean | null>>;
type Child = Node | string | null;

/**
 * Makes an element. Text is always set as text, and nothing here writes a `style` attribute: pages whose policy forbids
 * inline styles keep working.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** `true` sets an empty attribute; `false` and null remove it. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : value);
  }
}

/** A button with a symbol and a name that is read aloud. */
export function iconButton(className: string, name: string, path: string): HTMLButtonElement {
  return element('button', { type: 'button', class: className, 'aria-label': name, title: name }, icon(path));
}

const SVG = 'http://www.w3.org/2000/svg';

/** A symbol of 24 by 24 drawn with one stroked path. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  setAttributes(svg, { viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' });
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** Writes text only where it changed, so that screen readers are not told the same thing twice. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A stylesheet that no policy about inline styles applies to. */
export function createSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
