import type { MessageStore, Moderator, Person, SuspensionChange } from '@cruddur/ddb';
import { bareCommand, type CommandIo, jsonOption, prodArgument, verboseOption, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { refused } from '../cli/errors.ts';
import type { OutputFlags } from '../cli/output.ts';
import { type OperatorSession, openSession } from '../cli/session.ts';
import { byOption, findPerson, operator, reasonOption, withStore } from './moderation.ts';

/** A command that suspends or unsuspends a person. */
export const suspensionCommand = (...[io, name, help]: Parameters<typeof bareCommand>) =>
  bareCommand(io, name, help)
    .argument('<HANDLE>', 'handle of the person')
    .addArgument(prodArgument())
    .addOption(reasonOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(yesOption('person: the handle'));

interface ChangeSuspensionInput {
  handle: string;
  where: 'prod' | undefined;
  options: OutputFlags & { by?: string | undefined; reason: string; yes?: string | undefined };
  action: string;
  progress: string;
  change: (
    store: MessageStore,
    person: Person,
    moderator: Moderator,
    onProgress: (done: number, total: number) => void,
  ) => Promise<SuspensionChange>;
}

/** Confirms, finds the person and changes the suspension. @throws {CommandError} without confirmation or person */
export async function changeSuspension(
  io: CommandIo,
  { handle, where, options, action, progress, change }: ChangeSuspensionInput,
): Promise<{ session: OperatorSession; person: Person; result: SuspensionChange }> {
  if (handle === 'prod' && where === undefined) throw refused('The handle comes first: HANDLE prod');
  const moderator = { by: operator(options.by), reason: options.reason };
  const session = await openSession(io, where, options, { services: ['dynamodb', 'postgres'] });
  const confirm = prepareConfirmation({ name: handle, action, yes: options.yes }, io);
  const person = await findPerson(session, handle);
  await confirm();
  const result = await session.out.withProgress(progress, (update) =>
    withStore(session, (store) =>
      change(store, person, moderator, (done, total) => update(`${progress}: ${done} of ${total}`)),
    ),
  );
  return { session, person, result };
}
