/**
 * Names of kernel parameters. Inside, a key is its path below /proc/sys (`net/ipv4/conf/eth0.1/rp_filter`); outside, the
 * canonical form has dots, and a dot inside a component is written `/`, as sysctl(8) and systemd print it.
 */

/** sysctl_normalize() of systemd: the first separator decides; dots become slashes and slashes dots only if it is a dot. */
export function parseSysctlKey(written: string): string {
  const first = written.search(/[./]/);
  const path = first >= 0 && written[first] === '.' ? swapSeparators(written) : written;
  return simplifyPath(path);
}

/** The canonical, dotted name of a path below /proc/sys. */
export function formatSysctlKey(path: string): string {
  return swapSeparators(path);
}

/** Whether the kernel can have a file of that path: not empty and without `.` and `..`. */
export function isUsableSysctlPath(path: string): boolean {
  return path !== '' && !path.includes('\0') && !path.split('/').includes('..');
}

function swapSeparators(text: string): string {
  return text.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
}

/** path_simplify() without the leading slash: no empty and no `.` components. */
function simplifyPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
