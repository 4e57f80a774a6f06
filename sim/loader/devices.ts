const DEVICE = /\?device=\d+$/;
/** What a console has for itself: its own code and RxDB, which keeps open collections and databases in module variables. */
const OWN = /\/apps\/desktop\/src\/renderer\/|\/node_modules\/rxdb\//;

/** True for a module that one simulated device has for itself. */
export function isOfDevice(url: string): boolean {
  return DEVICE.test(url);
}

/** The same module for the device that imports it: five consoles in one process share as little as five browsers do. */
export function devicesOf(url: string, importer: string): string {
  const device = DEVICE.exec(importer);
  return device && OWN.test(url) && !isOfDevice(url) ? `${url}${device[0]}` : url;
}
