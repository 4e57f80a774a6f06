export interface MailAddress {
  name: string;
  address: string;
}

const PLAIN_ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+$/;

function splitAtCommas(list: string): string[] {
  const parts: string[] = [''];
  let isQuoted = false;
  let isInAngle = false;
  for (const character of list) {
    if (character === '"') isQuoted = !isQuoted;
    if (!isQuoted && character === '<') isInAngle = true;
    if (!isQuoted && character === '>') isInAngle = false;
    if (character === ',' && !isQuoted && !isInAngle) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** `Name <a@b>`, `"Na, me" <a@b>` or `a@b`; null when it is none of these. */
export function parseAddress(text: string): MailAddress | null {
  const match = /^(.*)<([^<>]+)>\s*$/s.exec(text.trim());
  const address = (match?.[2] ?? text).trim();
  if (!PLAIN_ADDRESS.test(address)) return null;
  const name = (match?.[1] ?? '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('\\"', '"');
  return { name, address };
}

/** @returns null as soon as one of the addresses cannot be read. */
export function parseAddressList(list: string): MailAddress[] | null {
  const addresses = splitAtCommas(list).map(parseAddress);
  return addresses.every((address) => address !== null) ? addresses : null;
}

export function formatAddress({ name, address }: MailAddress): string {
  if (name === '') return address;
  const isPlain = /^[\p{L}\p{N} .'-]+$/u.test(name);
  return `${isPlain ? name : `"${name.replaceAll('"', '\\"')}"`} <${address}>`;
}
