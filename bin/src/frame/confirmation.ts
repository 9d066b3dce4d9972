import { refused } from './errors.ts';

/** What is about to be done, and to what. */
export interface Deed {
  /** The name to be typed again. */
  name: string;
  /** As in `drop the table cruddur-messages`. */
  deed: string;
  /** The answer that a script brings along. */
  yes: string | undefined;
}

/**
 * Prepares the question for a name to be typed again, before something is destroyed. Where nobody can be asked it
 * refuses at once, before any service was reached.
 *
 * @returns asks, and refuses where the answer is another name
 */
export function prepareConfirmation(
  { name, deed, yes }: Deed,
  { input, output } = { input: process.stdin, output: process.stderr },
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
    // For who is asked, not for who starts a command in a script.
    const { isCancel, text } = await import('@clack/prompts');
    const answer = await text({ message: `Type ${name} to ${deed}`, input, output });
    if (isCancel(answer)) throw refused(`Refused to ${deed}: the question was not answered.`);
    check(answer ?? '');
  };
}

/** Asks for the name on prod; elsewhere it only refuses where a script brought another name along. */
export async function confirmOnProd(prod: boolean, deed: Deed): Promise<void> {
  if (prod || deed.yes !== undefined) await prepareConfirmation(deed)();
}
