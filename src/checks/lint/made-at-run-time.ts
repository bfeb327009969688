/** Places whose content comes with the running machine: what is not there in an image is not missing. */

/** File systems the kernel and systemd mount, and what daemons write. */
const places = ['/proc', '/sys', '/dev', '/run', '/tmp', '/var/run', '/var/lock', '/var/tmp', '/var/log', '/var/cache'];

export function isMadeAtRunTime(path: string): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
