import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { CommandIo } from './command-io.ts';

/** What `--help` says about a command. */
export interface About {
  summary: string;
  /** Lines to copy. */
  examples: readonly string[];
}

const EXIT_CODES = 'Exit codes: 0 done, 1 refused or used wrongly, 2 a service did not answer or said no';

/** Begins the definition of a command. */
export function operatorCommand(io: CommandIo, name: string, about: About) {
  return bareCommand(io, name, about)
    .option('--json', 'print lines of JSON; words for people go to standard error')
    .option('--verbose', 'show each SQL statement and each DynamoDB call with its capacity');
}

/** The same without the options, for a command that leaves its output to another program. */
export function bareCommand({ stdout, stderr }: CommandIo, name: string, { summary, examples }: About) {
  const lines = ['', 'Examples:', ...examples.map((line) => `  ${line}`), '', EXIT_CODES];
  return new Command(name)
    .description(summary)
    .helpOption('--help', 'show this help')
    .addHelpText('after', lines.join('\n'))
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'Error:')),
      getOutHelpWidth: () => stdout.columns ?? 80,
      getErrHelpWidth: () => stderr.columns ?? 80,
    })
    .exitOverride();
}

/** The last argument of every command. */
export function prodArgument() {
  return new Argument('[prod]', 'talk to AWS as the environment names it, instead of the local stack').choices([
    'prod',
  ] as const);
}

/** The answer of a script to the question for the name. */
export function yesOption(what: string) {
  return new Option('--yes <NAME>', `the name of the ${what}, for a script that cannot type it`);
}

/** Reads an option's number. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}
