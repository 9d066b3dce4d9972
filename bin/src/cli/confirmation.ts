import type { CommandIo } from './command.ts';
import { refused } from './errors.ts';
import type { OperatorSession } from './session.ts';

export interface Confirmation {
  name: string;
  /** Such as `drop the table cruddur-messages`. */
  action: string;
  /** The value of `--yes`, which replaces the prompt. */
  yes: string | undefined;
}

/**
 * Prepares the prompt for a dangerous action. Call it before any service, so that a command which cannot be confirmed
 * changes nothing.
 *
 * @returns asks, and throws if the answer is not the name
 * @throws {CommandError} without a terminal and without `--yes`, or with a wrong `--yes`
 */
export function prepareConfirmation(
  { name, action, yes }: Confirmation,
  { stdin: input, stderr: output }: Pick<CommandIo, 'stdin' | 'stderr'>,
): () => Promise<void> {
  const check = (answer: string) => {
    if (answer !== name) throw refused(`Refused to ${action}: "${answer}" is not ${name}.`);
  };
  if (yes !== undefined) {
    check(yes);
    return () => Promise.resolve();
  }
  if (!input.isTTY || !output.isTTY) {
    throw refused(`Refused to ${action}: ${name} must be typed, but there is no terminal. Add --yes ${name}.`);
  }
  return async () => {
    // Loaded on demand: scripts start faster without it.
    const { isCancel, text } = await import('@clack/prompts');
    const answer = await text({ message: `Type ${name} to ${action}`, input, output });
    if (isCancel(answer)) throw refused(`Refused to ${action}: the question was not answered.`);
    check(answer ?? '');
  };
}

/** Asks for confirmation on prod. The local stack only checks a `--yes`. */
export async function confirmOnProd({ target, io }: OperatorSession, confirmation: Confirmation): Promise<void> {
  if (target.prod || confirmation.yes !== undefined) await prepareConfirmation(confirmation, io)();
}
