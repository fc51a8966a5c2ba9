/** A time of day in which nobody is written to, such as 21:00 to 08:00. It may go over midnight. */
export interface QuietHours {
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`; at this minute it is over. */
  readonly to: string;
}

const minute = 60_000;
const day = 24 * 60;

/** When the quiet hours that hold now end in this time zone; `undefined` where none hold. */
export function quietUntil(now: Date, hours: QuietHours, timeZone: string): Date | undefined {
  if (!isQuiet(now, hours, timeZone)) return undefined;
  const start = Math.floor(now.getTime() / minute) * minute;
  const wait = (minutesOf(hours.to) - localMinutes(now, timeZone) + day) % day || day;
  const end = new Date(start + wait * minute);
  const shift = ((localMinutes(end, timeZone) - minutesOf(hours.to) + day + day / 2) % day) - day / 2;
  if (shift === 0) return end;
  // The clocks are changed meanwhile, which happens twice a year: the first minute that is not quiet is looked for.
  let minutes = Math.max(1, wait - Math.max(shift, 0));
  while (isQuiet(new Date(start + minutes * minute), hours, timeZone)) minutes += 1;
  return new Date(start + minutes * minute);
}

function isQuiet(at: Date, { from, to }: QuietHours, timeZone: string): boolean {
  const [begin, end, local] = [minutesOf(from), minutesOf(to), localMinutes(at, timeZone)];
  return begin <= end ? begin <= local && local < end : local >= begin || local < end;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localMinutes(at: Date, timeZone: string): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format);
  return minutesOf(format.format(at));
}

/** Whether the runtime knows this time zone, such as `Asia/Tokyo`. */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== 'string' || name.length > 60) return false;
  try {
    localMinutes(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}
