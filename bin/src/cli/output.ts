import { clearLine, cursorTo } from 'node:readline';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { CommandIo, OutputStream } from './command.ts';
import { firstCharacters, printable } from './text.ts';

export interface OutputFlags {
  json?: boolean | undefined;
  verbose?: boolean | undefined;
}

/** A command's output: results go to standard output, messages for people to standard error. */
export interface Output {
  readonly verbose: boolean;
  /** Whether progress is shown: on a terminal, except with `--verbose`, which prints each call. */
  readonly showsProgress: boolean;
  /** Prints what a command did: the sentence; with `--json` the record, and the sentence on standard error. */
  result(record: object, sentence: string): Promise<void>;
  /** Prints a table or JSON lines; `none` if there are no rows. */
  rows<Row extends object>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): Promise<void>;
  /** Prints one result as soon as it is found, as text or JSON. */
  line(record: object, text: (colors: Colors) => string): Promise<void>;
  /** Prints a message for people. */
  say(words: string | ((colors: Colors) => string)): void;
  /** Shows progress, if it is shown. */
  withProgress<T>(text: string, work: (update: (text: string) => void) => Promise<T>): Promise<T>;
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  align?: 'left' | 'right';
}

export type Colors = ReturnType<typeof pc.createColors>;

export function createOutput(
  { json = false, verbose = false }: OutputFlags,
  { stdout, stderr, env }: Pick<CommandIo, 'stdout' | 'stderr' | 'env'>,
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
  const showsProgress = !verbose && stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined;
  return {
    verbose,
    showsProgress,
    say,
    line: (record, text) => writeLine(json ? toJson(record) : text(outColors)),
    async result(record, sentence) {
      if (!json) return await writeLine(sentence);
      await writeLine(toJson(record));
      say(sentence);
    },
    async rows(rows, columns, none) {
      if (rows.length === 0) say(none);
      else if (!json) await writeLine(drawTable(rows, columns, outColors));
      else for (const row of rows) await writeLine(toJson(row));
    },
    async withProgress(text, work) {
      if (!showsProgress) return await work(() => undefined);
      status.show(text);
      try {
        return await work(status.show);
      } finally {
        status.erase();
      }
    },
  };
}

/** The last line of a terminal, drawn in place until other output replaces it. */
function createStatusLine(terminal: OutputStream) {
  let drawn = false;
  function erase(): void {
    if (!drawn) return;
    cursorTo(terminal, 0);
    clearLine(terminal, 1);
    drawn = false;
  }
  function show(text: string): void {
    erase();
    // A wrapped line could not be erased.
    terminal.write(firstCharacters(text, (terminal.columns || 80) - 1));
    drawn = true;
  }
  return { show, erase };
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
export function toJson(record: object): string {
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
