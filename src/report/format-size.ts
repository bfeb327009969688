const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `51 MiB`: at least two digits, rounded down. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 10_000 && unit < units.length - 1) {
    value = Math.floor(value / 1024);
    unit++;
  }
  return `${value} ${units[unit]}`;
}
