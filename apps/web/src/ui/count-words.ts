/** The largest number that a badge shows. */
export const MOST_COUNTED = 99;

/** A number as a badge shows it: `99+` beyond 99. */
export const countWords = (count: number): string => (count > MOST_COUNTED ? `${MOST_COUNTED}+` : String(count));
