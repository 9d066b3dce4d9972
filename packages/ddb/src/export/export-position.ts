import * as z from 'zod/mini';
import { formatTime, micros, parseTime } from '../table/time.ts';

/** Where the next page of an export begins. */
export const exportPositionSchema = z.object({
  /** Still at the blocked people: the cursor of their list, empty before the first page. Then conversations follow. */
  blocked: z.optional(z.string()),
  /** The sort key of the last row that was begun; empty before the first. */
  row: z.string(),
  /** The conversation of that row, if it continues: the last message, and the time of the first. */
  open: z.optional(z.object({ uuid: z.string(), after: z.string(), first: z.string() })),
  /** How far conversations were read that may come again, by {@link rememberRead}. */
  read: z.array(z.string()),
  /** When the export began: rows after it have moved. */
  startedAt: z.string(),
  /** Rows when it began, and those that are done. */
  total: z.number(),
  done: z.number(),
  /** Of the page before. */
  progress: z.number(),
});
export type ExportPosition = z.output<typeof exportPositionSchema>;

/** Entries of `read` in a cursor, which then has at most 2,600 characters. */
const READ_MAX = 60;
/** Hexadecimal digits of a uuid in an entry: 48 bits. */
const UUID_DIGITS = 12;

const shortened = (uuid: string) => uuid.replaceAll('-', '').slice(0, UUID_DIGITS);

/** Remembers up to which message a conversation was read, so that only newer ones follow if its row has moved meanwhile. */
export function rememberRead(read: readonly string[], uuid: string, lastSk: string): string[] {
  const others = read.filter((entry) => !entry.startsWith(shortened(uuid)));
  const at = parseTime(lastSk);
  return at === undefined ? others : [...others, shortened(uuid) + at.toString(36)].slice(-READ_MAX);
}

/** The sort key of the last message that was read of a conversation, if it is remembered. */
export function readUpTo(read: readonly string[], uuid: string): string | undefined {
  const entry = read.find((each) => each.startsWith(shortened(uuid)));
  return entry && formatTime(micros(Number.parseInt(entry.slice(UUID_DIGITS), 36)));
}

/** From 0 to less than 1; never less than on the page before. */
export function progressAt({ total, done, open, row, progress }: ExportPosition): number {
  const part = open ? fraction(open.first, open.after, row) : 0;
  return Math.max(progress, Math.min((done + part) / Math.max(total, done + 1), 0.99));
}

/** How far a time is between two others. */
function fraction(from: string, at: string, to: string): number {
  const [start, time, end] = [from, at, to].map((sk) => parseTime(sk) ?? 0) as [number, number, number];
  return end <= start ? 0 : Math.min(Math.max((time - start) / (end - start), 0), 1);
}
