const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const time = '([0-2]\\d):([0-5]\\d):([0-5]\\d|60)';
const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const longDay = '(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)';

/** Sun, 06 Nov 1994 08:49:37 GMT. Case is ignored, as RFC 9111, section 4.2, asks of caches. */
const fixdate = new RegExp(`^${day}, (\\d{2}) ([a-z]{3}) (\\d{4}) ${time} GMT$`, 'i');
/** Sunday, 06-Nov-94 08:49:37 GMT */
const rfc850 = new RegExp(`^${longDay}, (\\d{2})-([a-z]{3})-(\\d{2}) ${time} GMT$`, 'i');
/** Sun Nov  6 08:49:37 1994 */
const asctime = new RegExp(`^${day} ([a-z]{3}) (\\d{2}| \\d) ${time} (\\d{4})$`, 'i');

/**
 * Reads an HTTP-date in its three formats (RFC 9110, section 5.6.7), and nothing that only looks like one.
 * @param now milliseconds since the epoch, for the century of a two-digit year
 * @returns milliseconds since the epoch; undefined when it is no date
 */
export function parseHttpDate(text: string, now: number): number | undefined {
  const value = text.trim();
  const fixed = fixdate.exec(value);
  if (fixed) return timeOf(Number(fixed[3]), fixed[2], fixed[1], fixed.slice(4));
  const dashed = rfc850.exec(value);
  if (dashed) {
    const year = yearOf(Number(dashed[3]), now);
    return timeOf(year, dashed[2], dashed[1], dashed.slice(4));
  }
  const plain = asctime.exec(value);
  return plain ? timeOf(Number(plain[6]), plain[1], plain[2], plain.slice(3, 6)) : undefined;
}

/** A year that seems more than 50 years away is the last one that ended in these digits. */
function yearOf(digits: number, now: number): number {
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + digits;
  return year > thisYear + 50 ? year - 100 : year;
}

function timeOf(
  year: number,
  monthName: string | undefined,
  dayOfMonth: string | undefined,
  [hours, minutes, seconds]: readonly string[],
): number | undefined {
  const month = months.indexOf(monthName?.toLowerCase() ?? '');
  const date = Number(dayOfMonth);
  if (month < 0 || Number(hours) > 23) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month, date);
  // 30 February is none.
  if (midnight.getUTCDate() !== date || midnight.getUTCMonth() !== month) return undefined;
  return midnight.getTime() + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
