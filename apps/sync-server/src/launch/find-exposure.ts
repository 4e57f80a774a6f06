import type { Config } from '../config/config.ts';

const LOOPBACK = /^(?:localhost|::1|\[::1\]|127\.\d+\.\d+\.\d+)$/;

type Facts = Pick<Config, 'bind' | 'publicUrl' | 'trustProxy'>;

/**
 * What does not work, or is not safe, the way the desk can be reached: a sentence for each, for whoever starts it.
 *
 * @see docs/deployment.md
 */
export function findExposure({ bind, publicUrl, trustProxy }: Facts): string[] {
  const url = publicUrl === null ? null : new URL(publicUrl);
  const isSafe = url?.protocol === 'https:';
  const problems: string[] = [];
  if (url === null ? !LOOPBACK.test(bind) : !isSafe && !LOOPBACK.test(url.hostname)) {
    problems.push(
      'There is no TLS: passwords and messages can be read on the way, browsers do not open the console offline and show no notices, and platforms refuse to send to such an address. Put the desk behind a proxy with TLS (docs/deployment.md).',
    );
  }
  if (url === null && !LOOPBACK.test(bind)) {
    problems.push(
      `TRADEWIND_PUBLIC_URL is not set: links and webhook addresses begin with ${toOrigin(bind)}, which others may not reach.`,
    );
  }
  if (isSafe && trustProxy === false) {
    problems.push(
      'TRADEWIND_TRUST_PROXY is not set: everybody seems to come from the proxy, so one who tries passwords locks all others out, and the audit log does not tell addresses.',
    );
  }
  return problems;
}

function toOrigin(bind: string): string {
  return `http://${bind.includes(':') ? `[${bind}]` : bind}`;
}
