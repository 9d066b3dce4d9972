import { unsuspendPerson } from '@cruddur/ddb';
import type { CommandIo } from '../cli/command.ts';
import { count } from '../cli/text.ts';
import { describeSuspension } from './moderation.ts';
import { changeSuspension, suspensionCommand } from './suspension-command.ts';

export const createCommand = (io: CommandIo) =>
  suspensionCommand(io, 'bin/moderation/unsuspend', {
    summary:
      'Lets a suspended person send again, after you confirm by typing the handle. If it was interrupted, run it again.',
    examples: [
      'bin/moderation/unsuspend londo --reason "Has promised to stop"',
      'bin/moderation/unsuspend londo prod --reason "The wrong person" --yes londo --by ada',
    ],
  }).action(async (handle, where, options) => {
    const { session, person, result } = await changeSuspension(io, {
      handle,
      where,
      options,
      action: `unsuspend ${handle}`,
      progress: 'Opening conversations',
      change: unsuspendPerson,
    });
    const { suspension, isChangedNow, gates } = result;
    const conversations = count(gates, 'conversation');
    const was = suspension && isChangedNow ? ` Was ${describeSuspension(suspension)}.` : '';
    await session.out.result(
      { handle: person.handle, uuid: person.uuid, isSuspended: false, isChangedNow, conversations: gates },
      isChangedNow
        ? `Unsuspended ${person.handle}, in ${conversations}.${was}`
        : `${person.handle} was not suspended. Opened now: ${conversations}.`,
    );
  });
