/** Whole numbers as systemd's safe_atou/safe_atoi read them: decimal, `0x`, `0o`, `0b`, leading zero octal. */
export function parseInteger(text: string): bigint | undefined {
  const match = /^[ \t]*([+-]?)(0[xX][0-9a-fA-F]{1,16}|0[oO][0-7]{1,21}|0[bB][01]{1,64}|[0-9]{1,20})$/.exec(text);
  if (!match) return undefined;
  const [, sign, digits = ''] = match;
  if (/^0[0-9]/.test(digits) && /[89]/.test(digits)) return undefined;
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return sign === '-' ? -value : value;
}

/** A number within bounds, inclusive. */
export function parseIntegerWithin(text: string, low: bigint, high: bigint): bigint | undefined {
  const value = parseInteger(text);
  return value === undefined || value < low || value > high ? undefined : value;
}

/** File modes: octal digits, at most 07777. */
export function parseMode(text: string): number | undefined {
  if (!/^[0-7]{1,6}$/.test(text)) return undefined;
  const mode = Number.parseInt(text, 8);
  return mode <= 0o7777 ? mode : undefined;
}

export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
