/** Where files for other machines lie on purpose: firmware of devices, boot loaders that run before the kernel, and cross toolchains. */
export const otherMachines: readonly string[] = [
  ...['firmware', 'grub', 'syslinux', 'SYSLINUX', 'ISOLINUX', 'PXELINUX', 'ipxe', 'debug'].map(
    (name) => `/usr/lib/${name}/**`,
  ),
  '/usr/share/**',
  '/usr/*-linux-gnu*/**',
  '/boot/**',
  ...['*firmware*/**', '*/share/**', '*/lib/grub/**'].map((name) => `/nix/store/${name}`),
];
