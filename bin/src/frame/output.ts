import Table from 'cli-table3';
import pc from 'picocolors';
import type { CommandIo, OutputStream } from './command-io.ts';
import { createStatusLine, type StatusLine } from './status-line.ts';
import { printable } from './text.ts';

/** A command's output: results go to standard output, messages for people to standard error. */
export interface Output {
  readonly json: boolean;
  readonly verbose: boolean;
  /** The progress of long work, below everything else on standard error. */
  readonly status: StatusLine;
  /** What a command did: with `--json` a line of JSON, and the sentence on standard error; else only the sentence. */
  result(record: object, sentence: string): Promise<void>;
  /** What a command found: a line of JSON each, or a table; `none` is printed if there is nothing. */
  rows<Row extends object>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): Promise<void>;
  /** Prints one result as soon as it is found: a line of JSON, or of text. */
  line(record: object, text: (colors: Colors) => string): Promise<void>;
  /** Prints a message for people. */
  say(words: string | ((colors: Colors) => string)): void;
}

/** A column of a table for people. */
export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  align?: 'left' | 'right';
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Creates the output of a command. */
export function createOutput(
  flags: { json: boolean; verbose: boolean },
  { stdout, stderr }: Pick<CommandIo, 'stdout' | 'stderr'>,
): Output {
  const [outColors, errColors] = [colorsOf(stdout), colorsOf(stderr)];
  const status = createStatusLine(stderr);
  const writeLine = (text: string) => {
    status.erase();
    return write(stdout, `${text}\n`);
  };
  const say: Output['say'] = (words) => {
    status.erase();
    stderr.write(`${typeof words === 'string' ? words : words(errColors)}\n`);
  };
  return {
    ...flags,
    status,
    say,
    line: (record, text) => writeLine(flags.json ? toJson(record) : text(outColors)),
    async result(record, sentence) {
      if (!flags.json) return await writeLine(sentence);
      await writeLine(toJson(record));
      say(sentence);
    },
    async rows(rows, columns, none) {
      if (rows.length === 0) say(none);
      else if (!flags.json) await writeLine(drawTable(rows, columns, outColors));
      else for (const row of rows) await writeLine(toJson(row));
    },
  };
}

/** The stream itself reads NO_COLOR, FORCE_COLOR and TERM. */
function colorsOf(stream: OutputStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors?.() === true);
}

/** Waits while the reader is slower than the command. */
async function write(stream: OutputStream, text: string): Promise<void> {
  if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', resolve));
}

/** One line. DynamoDB's sets become arrays, its bytes base64. */
function toJson(record: object): string {
  return JSON.stringify(record, (_, value: unknown) => {
    if (value instanceof Set) return [...value];
    return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  });
}

function drawTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], colors: Colors): string {
  const table = new Table({
    head: columns.map(({ title }) => colors.bold(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => columns.map(({ value }) => printable(value(row)))));
  return table.toString();
}
