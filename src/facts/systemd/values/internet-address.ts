/** Addresses as inet_pton(3) reads them. */

/** Four decimal numbers, none above 255. */
export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255);
}

/** Eight groups of up to four digits, one run of empty groups, the last two perhaps as an IPv4 address. */
export function isIPv6(text: string): boolean {
  if (text.length > 45) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  let count = 0;
  for (const [half, list] of groups.entries()) {
    for (const [at, group] of list.entries()) {
      const isLast = half === groups.length - 1 && at === list.length - 1;
      if (isLast && group.includes('.')) {
        if (!isIPv4(group)) return false;
        count += 2;
      } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) count++;
      else return false;
    }
  }
  return halves.length === 2 ? count < 8 : count === 8;
}
