/**
 * Whether a page of this origin may open a socket with the browser's session cookie. Browsers send cookies along with
 * sockets opened by any page, and sockets know no CORS: the origin is all there is to go by.
 */
export function isOwnOrigin(origin: string | undefined, host: string | undefined, publicUrl: string | null): boolean {
  if (origin === undefined || host === undefined) return false;
  if (publicUrl !== null && URL.canParse(publicUrl) && new URL(publicUrl).origin === origin) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}
