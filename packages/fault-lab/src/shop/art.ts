// Pictures of the goods, drawn by code: background, then the thing itself in a 200 × 200 field.
const pictures: Readonly<Record<string, readonly [background: string, drawing: string]>> = {
  'LS-01': [
    '#e9e2d3',
    '<path d="M62 58l24-12q14 12 28 0l24 12 16 34-20 10-6-12v74H72v-74l-6 12-20-10z" fill="#f7f3ea" stroke="#cbbfa4" stroke-width="2"/><path d="M100 54v110" stroke="#cbbfa4" stroke-width="2" stroke-dasharray="2 12"/>',
  ],
  'RJ-07': [
    '#d7e3e4',
    '<path d="M70 58q30-30 60 0l24 84-18 6-14-44v64H78v-64l-14 44-18-6z" fill="#2f6f73"/><path d="M78 60q22-24 44 0-22 20-44 0z" fill="#1d4d50"/><path d="M100 76v90" stroke="#f2c14e" stroke-width="4"/>',
  ],
  'TP-22': [
    '#e6dcd2',
    '<path d="M64 96q-34-8-32 18 2 20 30 22" fill="none" stroke="#7a4b35" stroke-width="9"/><ellipse cx="98" cy="120" rx="44" ry="36" fill="#a4674a"/><path d="M138 112q18-4 24-26" stroke="#a4674a" stroke-width="13" stroke-linecap="round" fill="none"/><ellipse cx="98" cy="86" rx="26" ry="7" fill="#8b543b"/><circle cx="98" cy="76" r="6" fill="#7a4b35"/>',
  ],
  'TM-03': [
    '#dfe5dc',
    '<rect x="72" y="54" width="56" height="112" rx="12" fill="#567257"/><rect x="68" y="42" width="64" height="22" rx="8" fill="#2f4231"/><rect x="72" y="100" width="56" height="26" fill="#e9ddc7"/>',
  ],
  'WS-11': [
    '#eadfe0',
    '<path d="M60 66q40-34 80 0l-8 24q-32-20-64 0z" fill="#b04a4f"/><path d="M112 82l22 74-24 6-14-72z" fill="#c55b60"/><path d="M111 158l3 16m6-18l3 16m5-18l3 16" stroke="#b04a4f" stroke-width="4"/>',
  ],
  'CB-05': [
    '#e4e2d6',
    '<rect x="58" y="66" width="84" height="98" rx="18" fill="#b08d57"/><path d="M78 66q0-28 22-28t22 28" fill="none" stroke="#8a6b3c" stroke-width="8"/><rect x="70" y="112" width="60" height="40" rx="8" fill="#9a7845"/><path d="M70 124h60" stroke="#6f5429" stroke-width="3"/>',
  ],
  'DL-31': [
    '#e8e6ef',
    '<path d="M70 162h52" stroke="#3c3f58" stroke-width="10" stroke-linecap="round"/><path d="M96 158L76 108l34-40" stroke="#3c3f58" stroke-width="7" fill="none" stroke-linejoin="round"/><path d="M104 58l34 26-8 14-36-26z" fill="#3c3f58"/><path d="M128 96l34 52h-62z" fill="#f7e7a6" opacity=".7"/>',
  ],
  'BE-18': [
    '#dde2ea',
    '<rect x="58" y="92" width="84" height="66" rx="26" fill="#f5f6f8" stroke="#c4cbd6" stroke-width="2"/><circle cx="82" cy="66" r="15" fill="#2c3340"/><circle cx="120" cy="66" r="15" fill="#2c3340"/><path d="M82 72v26m38-26v26" stroke="#2c3340" stroke-width="8" stroke-linecap="round"/>',
  ],
  'YM-02': [
    '#dbe8df',
    '<rect x="48" y="94" width="104" height="52" rx="26" fill="#3f8f74"/><circle cx="74" cy="120" r="26" fill="#2f705a"/><path d="M74 120m-16 0a16 16 0 1 1 16 16" stroke="#7fc4ab" stroke-width="4" fill="none"/>',
  ],
  'KR-09': [
    '#fbecc8',
    '<path d="M74 66q26-34 52 0l20 32-14 10-6-8 10 64H64l10-64-6 8-14-10z" fill="#f2b632"/><path d="M82 68q18-20 36 0-18 16-36 0z" fill="#c98d14"/><circle cx="100" cy="104" r="4" fill="#7a540a"/><circle cx="100" cy="126" r="4" fill="#7a540a"/>',
  ],
  'BB-14': [
    '#eae3cf',
    '<rect x="58" y="52" width="84" height="114" rx="10" fill="#c9a567"/><path d="M76 52v114m24-114v114m24-114v114" stroke="#b18b4c" stroke-width="2"/><circle cx="100" cy="66" r="6" fill="#eae3cf"/>',
  ],
  'SC-40': [
    '#efe2e4',
    '<rect x="68" y="88" width="64" height="74" rx="8" fill="#f7f2ea" stroke="#d9ccb8" stroke-width="2"/><rect x="68" y="108" width="64" height="30" fill="#d8b7bd"/><path d="M100 88V72" stroke="#5b4a3b" stroke-width="3"/><path d="M100 74q-12-14 0-30 12 16 0 30z" fill="#f0a63a"/>',
  ],
};

/** The picture of one thing, or null. */
export function drawItem(sku: string): string | null {
  const [background, drawing] = pictures[sku] ?? [];
  if (background === undefined || drawing === undefined) return null;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" fill="${background}"/><ellipse cx="100" cy="172" rx="56" ry="7" fill="#000" opacity=".08"/>${drawing}</svg>`;
}
