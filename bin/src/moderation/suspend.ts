import { suspendPerson } from '@cruddur/ddb';
import type { CommandIo } from '../cli/command.ts';
import { count } from '../cli/text.ts';
import { describeSuspension } from './moderation.ts';
import { changeSuspension, suspensionCommand } from './suspension-command.ts';

export const createCommand = (io: CommandIo) =>
  suspensionCommand(io, 'bin/moderation/suspend', {
    summary:
      'Stops a person from sending, editing and reacting, after you confirm by typing the handle. They can still read, and ' +
      'delete own messages. If it was interrupted, run it again.',
    examples: [
      'bin/moderation/suspend londo --reason "Sells lamps to strangers"',
      'bin/moderation/suspend londo prod --reason Spam --yes londo --by ada',
    ],
  }).action(async (handle, where, options) => {
    const { session, person, result } = await changeSuspension(io, {
      handle,
      where,
      options,
      action: `suspend ${handle}`,
      progress: 'Closing conversations',
      change: suspendPerson,
    });
    const { suspension, isChangedNow, gates } = result;
    const earlier = suspension ? describeSuspension(suspension) : 'suspended';
    const conversations = count(gates, 'conversation');
    await session.out.result(
      {
        handle: person.handle,
        uuid: person.uuid,
        isSuspended: true,
        isChangedNow,
        ...suspension,
        conversations: gates,
      },
      isChangedNow
        ? `Suspended ${person.handle}, in ${conversations}.`
        : `${person.handle} was already ${earlier}. Closed now: ${conversations}.`,
    );
  });
