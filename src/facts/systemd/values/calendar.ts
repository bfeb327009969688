/** Calendar expressions in the normal form systemd prints. systemd.time(7) "Calendar Events", calendarspec.c. */
const shorthands: Readonly<Record<string, string>> = {
  minutely: '*-*-* *:*:00',
  hourly: '*-*-* *:00:00',
  daily: '*-*-* 00:00:00',
  monthly: '*-*-01 00:00:00',
  weekly: 'Mon *-*-* 00:00:00',
  yearly: '*-01-01 00:00:00',
  annually: '*-01-01 00:00:00',
  anually: '*-01-01 00:00:00',
  quarterly: '*-01,04,07,10-01 00:00:00',
  biannually: '*-01,07-01 00:00:00',
  'bi-annually': '*-01,07-01 00:00:00',
  'semi-annually': '*-01,07-01 00:00:00',
  semiannually: '*-01,07-01 00:00:00',
};

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const longDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The normal form, or undefined if the text is no calendar expression. */
export function formatCalendar(text: string): string | undefined {
  const zone = / (UTC|[A-Z][A-Za-z_+-]*\/[A-Za-z0-9_+/-]+)$/.exec(text);
  const rest = zone ? text.slice(0, zone.index) : text;
  const suffix = zone ? ` ${zone[1]}` : '';
  const epoch = /^@([0-9]{1,12})$/.exec(rest);
  if (epoch) return formatInstant(Number(epoch[1]));
  const short = shorthands[rest.toLowerCase()];
  if (short !== undefined && Object.hasOwn(shorthands, rest.toLowerCase())) return short + suffix;
  const words = rest.trim().split(/\s+/);
  const weekdays = formatWeekdays(words[0] ?? '');
  if (weekdays !== undefined) words.shift();
  let date = '*-*-*';
  let time = '00:00:00';
  if (words[0] !== undefined && !words[0].includes(':')) {
    const formatted = formatDate(words.shift() ?? '');
    if (formatted === undefined) return undefined;
    date = formatted;
  }
  if (words[0] !== undefined) {
    const formatted = formatTime(words.shift() ?? '');
    if (formatted === undefined) return undefined;
    time = formatted;
  }
  if (words.length > 0 || rest.trim() === '') return undefined;
  return `${weekdays === undefined || weekdays === '' ? '' : `${weekdays} `}${date} ${time}${suffix}`;
}

/** Seconds since 1970, in the calendar of UTC. */
function formatInstant(seconds: number): string | undefined {
  const instant = new Date(seconds * 1000);
  if (Number.isNaN(instant.getTime()) || instant.getUTCFullYear() > 2199) return undefined;
  return `${instant.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `Mon..Fri`, `Sat,Sun`; undefined if the word names no days. */
function formatWeekdays(word: string): string | undefined {
  const set = new Set<number>();
  for (const item of word.replace(/,$/, '').split(',')) {
    const [from, to] = item.split(/\.\.|-/).map(dayIndex);
    if (from === undefined || (item.match(/\.\.|-/) && to === undefined)) return undefined;
    const end = to ?? from;
    for (let day = from; ; day = (day + 1) % 7) {
      set.add(day);
      if (day === end) break;
    }
  }
  if (set.size === 7) return '';
  const parts: string[] = [];
  for (let day = 0; day < 7; day++) {
    if (!set.has(day)) continue;
    let end = day;
    while (set.has(end + 1)) end++;
    const name = days[day] ?? '';
    parts.push(end - day >= 2 ? `${name}..${days[end]}` : end === day ? name : `${name},${days[end]}`);
    day = end;
  }
  return parts.join(',');
}

function dayIndex(word: string): number | undefined {
  const lower = word.toLowerCase();
  const index = longDays.findIndex((day) => day === lower || day.slice(0, 3) === lower);
  return index < 0 ? undefined : index;
}

function formatDate(word: string): string | undefined {
  const match = /^(?:([^-~]+)-)?([^-~]+)([-~])([^-~]+)$/.exec(word);
  if (!match) return undefined;
  const [, year = '*', month = '', mark = '-', day = ''] = match;
  const parts = [formatField(year, 4, 1970, 2199), formatField(month, 2, 1, 12), formatField(day, 2, 1, 31)];
  return parts.includes(undefined) ? undefined : `${parts[0]}-${parts[1]}${mark}${parts[2]}`;
}

function formatTime(word: string): string | undefined {
  const [hour = '', minute = '', second = '00', more] = word.split(':');
  if (more !== undefined) return undefined;
  const parts = [formatField(hour, 2, 0, 23), formatField(minute, 2, 0, 59), formatField(second, 2, 0, 60)];
  return parts.includes(undefined) ? undefined : parts.join(':');
}

/** `*`, numbers, ranges and repetitions, joined by commas; numbers are padded. */
function formatField(field: string, width: number, low: number, high: number): string | undefined {
  const items: string[] = [];
  for (const item of field.split(',')) {
    const match = /^(\*|[0-9]{1,4}(?:\.[0-9]{1,6})?)(?:\.\.([0-9]{1,4}))?(?:\/([0-9]{1,4}(?:\.[0-9]{1,6})?))?$/.exec(
      item,
    );
    if (!match) return undefined;
    const [, start = '', end, step] = match;
    const bounds = [start === '*' ? low : Number(start), Number(end ?? low)];
    if (bounds.some((bound) => bound < low || bound >= high + 1)) return undefined;
    const padded = start === '*' ? (step === undefined ? '*' : '0'.padStart(width, '0')) : pad(start, width);
    items.push(
      padded + (end === undefined ? '' : `..${pad(end, width)}`) + (step === undefined ? '' : `/${Number(step)}`),
    );
  }
  return items.includes('*') ? '*' : items.join(',');
}

function pad(number: string, width: number): string {
  const [whole = '', fraction] = number.split('.');
  const text = String(Number(whole)).padStart(width, '0');
  return fraction === undefined || Number(fraction) === 0 ? text : `${text}.${fraction.padEnd(6, '0')}`;
}
