import { BlockList, isIPv4 } from 'node:net';

// Everything that is not a public unicast address: IANA special-purpose registries (RFC 6890 and updates).
const REFUSED_V4: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, and the metadata services of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
];
// IPv6 is refused unless it is global unicast, and there the ranges that lead elsewhere are refused too.
const REFUSED_V6: readonly [string, number][] = [
  ['2001::', 23], // Teredo, ORCHID, benchmarking
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: carries an IPv4 address
  ['3fff::', 20],
];

const refused = new BlockList();
for (const [network, prefix] of REFUSED_V4) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of REFUSED_V6) refused.addSubnet(network, prefix, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * True for every address that is not on the public internet: private, loopback, link-local, metadata, reserved.
 * IPv4 inside IPv6 (`::ffff:127.0.0.1`, NAT64) is refused with the rest of what is not global unicast.
 *
 * @param address - an IPv4 or IPv6 literal without brackets.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIPv4(address)) return refused.check(address, 'ipv4');
  const plain = address.split('%', 1)[0] ?? '';
  return !globalUnicast.check(plain, 'ipv6') || refused.check(plain, 'ipv6');
}
