import type { CommandIo } from './command-io.ts';
import { refused } from './errors.ts';
import type { Session } from './session.ts';

/** What is about to be done, and to what. */
export interface Deed {
  /** The name to be typed again. */
  name: string;
  /** As in `drop the table cruddur-messages`. */
  deed: string;
  /** A script's answer: the value of `--yes`. */
  yes: string | undefined;
}

/**
 * Prepares the question for a name to be typed again, before something is destroyed. Refuses at once, before any
 * service is called, if there is no one to ask.
 *
 * @returns asks, and refuses any other name
 */
export function prepareConfirmation(
  { name, deed, yes }: Deed,
  { stdin: input, stderr: output }: Pick<CommandIo, 'stdin' | 'stderr'>,
): () => Promise<void> {
  const check = (answer: string) => {
    if (answer !== name) throw refused(`Refused to ${deed}: "${answer}" is not its name.`);
  };
  if (yes !== undefined) {
    check(yes);
    return () => Promise.resolve();
  }
  if (!input.isTTY || !output.isTTY) {
    throw refused(`Refused to ${deed}: its name has to be typed again, and there is no terminal. Add --yes ${name}.`);
  }
  return async () => {
    // Loaded only if there is someone to ask: scripts start faster without it.
    const { isCancel, text } = await import('@clack/prompts');
    const answer = await text({ message: `Type ${name} to ${deed}`, input, output });
    if (isCancel(answer)) throw refused(`Refused to ${deed}: the question was not answered.`);
    check(answer ?? '');
  };
}

/** Asks for the name on prod. Elsewhere it only refuses a wrong `--yes`. */
export async function confirmOnProd({ target, io }: Session, deed: Deed): Promise<void> {
  if (target.prod || deed.yes !== undefined) await prepareConfirmation(deed, io)();
}
