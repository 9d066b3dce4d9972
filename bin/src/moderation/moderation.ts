import { userInfo } from 'node:os';
import { Argument, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { findUserByHandle } from '@cruddur/db';
import { createMessageStore, type MessageStore, type Person, type Suspension } from '@cruddur/ddb';
import { refused } from '../cli/errors.ts';
import type { OperatorSession } from '../cli/session.ts';
import { printable, readableTime } from '../cli/text.ts';
import { withDatabase } from '../cli/with-database.ts';
import { withTable } from '../cli/with-table.ts';

/** Longest reason, in UTF-16 code units. */
const REASON_MAX = 1000;

export function reportArgument() {
  return new Argument('<REPORT>', 'id of the report').argParser(reportId);
}

export function reasonOption() {
  return new Option('--reason <TEXT>', 'why, for the audit').argParser(reason).makeOptionMandatory();
}

export function byOption() {
  return new Option('--by <NAME>', 'who does it, for the audit (default: your user on this machine)').argParser(name);
}

/** Who runs the command, if `--by` does not say. @throws {CommandError} if the system has no name for the user */
export function operator(by: string | undefined): string {
  if (by !== undefined) return by;
  try {
    return userInfo().username;
  } catch (cause) {
    throw refused('This machine has no name for your user: add --by NAME.', { cause });
  }
}

function reportId(text: string): string {
  if (!/^[\da-f]{32}$/.test(text))
    throw new InvalidArgumentError('It must be the id of a report, as the list shows it.');
  return text;
}

function reason(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > REASON_MAX) {
    throw new InvalidArgumentError(`It must have 1 to ${REASON_MAX} characters.`);
  }
  return trimmed;
}

function name(text: string): string {
  if (!/^\S{1,100}$/.test(text)) throw new InvalidArgumentError('It must be a name without spaces.');
  return text;
}

/** Looks a person up in Postgres. @throws {CommandError} if no one has the handle */
export async function findPerson(session: OperatorSession, handle: string): Promise<Person> {
  const user = await withDatabase(session, (db) => findUserByHandle(db, handle));
  if (!user) throw refused(`There is no user with the handle ${printable(handle)}.`);
  return user;
}

/** The session's table with a clock, while `use` runs. */
export function withStore<T>(session: OperatorSession, use: (store: MessageStore) => Promise<T>): Promise<T> {
  const { cursorSecret } = session.target;
  return withTable(session, (table) => use(createMessageStore({ ...table, cursorSecret })));
}

/** `suspended by ada on 2026-11-20 08:15:30: spam` */
export function describeSuspension({ by, at, reason: why }: Suspension): string {
  return `suspended by ${printable(by)} on ${readableTime(at)}: ${printable(why)}`;
}
