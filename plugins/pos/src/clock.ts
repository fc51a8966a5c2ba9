const dayMs = 24 * 60 * 60_000;

/** A business day runs past midnight and stores close their books late; two days apart are no longer one day. */
const mostApart = 2;

/** A store that was offline for weeks still counts; a year and more back is where a clock stands after its battery ran out. */
const mostDaysLate = 366;

/** What is wrong with a receipt's business day beside its time, if anything is: one of the two was written by a clock that is off. */
export function dayProblem(at: Date, businessDay: string): string | undefined {
  // Noon, because the day is the store's and its time zone is not known here.
  const apart = Math.abs(at.getTime() - Date.parse(`${businessDay}T12:00:00Z`)) / dayMs;
  if (apart <= mostApart) return undefined;
  return `its time, ${at.toISOString()}, is ${Math.round(apart)} days from its business day, ${businessDay}: a clock is wrong`;
}

/** What is wrong with the time of a receipt that comes straight from a till, if anything is. */
export function lateProblem(at: Date, now: Date): string | undefined {
  const late = (now.getTime() - at.getTime()) / dayMs;
  if (late <= mostDaysLate) return undefined;
  return `its time, ${at.toISOString()}, is ${Math.round(late)} days ago: the clock of the till is wrong, or it is history for a file`;
}
