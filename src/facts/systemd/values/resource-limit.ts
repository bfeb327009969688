/** Resource limits `soft:hard` or one value for both. systemd.exec(5) "Process Properties", rlimit-util.c. */
import { parseInteger } from './integer.ts';
import { parseSize } from './size.ts';
import { infinity, parseTimeSpan } from './time-span.ts';

export interface ResourceLimit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** What the numbers of a limit count. */
export type LimitUnit = 'count' | 'bytes' | 'seconds' | 'microseconds' | 'nice';

/** undefined if the text is no limit of that unit, or the soft one is above the hard one. */
export function parseResourceLimit(text: string, unit: LimitUnit): ResourceLimit | undefined {
  const colon = text.indexOf(':');
  const soft = parseOne(colon < 0 ? text : text.slice(0, colon), unit);
  const hard = colon < 0 ? soft : parseOne(text.slice(colon + 1), unit);
  if (soft === undefined || hard === undefined || soft > hard) return undefined;
  return { soft, hard };
}

function parseOne(text: string, unit: LimitUnit): bigint | undefined {
  if (text === 'infinity') return unit === 'nice' ? undefined : infinity;
  switch (unit) {
    case 'bytes':
      return parseSize(text, 1024);
    case 'seconds': {
      const span = parseTimeSpan(text);
      return span === undefined || span === infinity ? span : (span + 999_999n) / 1_000_000n;
    }
    case 'microseconds':
      return parseTimeSpan(text, 'us');
    case 'nice':
      return parseNice(text);
    case 'count': {
      const value = parseInteger(text);
      return value === undefined || value < 0n || value >= infinity ? undefined : value;
    }
  }
}

/** `+n` and `-n` are nice levels, a bare number is the limit itself (20 - nice). */
function parseNice(text: string): bigint | undefined {
  const value = parseInteger(text);
  if (value === undefined) return undefined;
  if (/^[+-]/.test(text)) return value < -20n || value > 19n ? undefined : 20n - value;
  return value >= 0n && value <= 40n ? value : undefined;
}
