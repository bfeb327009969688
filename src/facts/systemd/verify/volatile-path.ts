/** Directories whose content the running system makes: what is not there in the image may be there when it is needed. */
const volatile = [
  '/run/',
  '/var/',
  '/tmp/',
  '/dev/',
  '/proc/',
  '/sys/',
  '/mnt/',
  '/media/',
  '/home/',
  '/srv/',
  '/boot/',
  '/efi/',
];

export function isVolatile(path: string): boolean {
  return volatile.some((prefix) => path.startsWith(prefix));
}
