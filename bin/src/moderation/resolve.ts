import { resolveReport } from '@cruddur/ddb';
import { bareCommand, type CommandIo, jsonOption, prodArgument, verboseOption, yesOption } from '../cli/command.ts';
import { prepareConfirmation } from '../cli/confirmation.ts';
import { refused } from '../cli/errors.ts';
import { openSession } from '../cli/session.ts';
import { printable, readableTime } from '../cli/text.ts';
import { byOption, operator, reasonOption, reportArgument, withStore } from './moderation.ts';

/** Characters of a report's id that confirm. */
const SHORT_ID = 8;

export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/moderation/resolve', {
    summary:
      'Resolves a report, after you confirm by typing the first eight characters of its id: it leaves the open ones, with who ' +
      'did it and why.',
    examples: [
      'bin/moderation/resolve 6a09e667f3bcc908b2fb1366ea957d3e --reason "Not abuse: a joke between friends"',
      'bin/moderation/resolve 6a09e667f3bcc908b2fb1366ea957d3e --reason Spam --yes 6a09e667 --by ada',
    ],
  })
    .addArgument(reportArgument())
    .addArgument(prodArgument())
    .addOption(reasonOption())
    .addOption(byOption())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .addOption(yesOption('report: the first eight characters of its id'))
    .action(async (id, where, options) => {
      const by = operator(options.by);
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      const name = id.slice(0, SHORT_ID);
      const confirm = prepareConfirmation({ name, action: `resolve the report ${id}`, yes: options.yes }, io);
      await confirm();
      const { reason } = options;
      const done = await withStore(session, (store) => resolveReport(store, id, { by, reason }));
      if (!done) throw refused(`There is no report ${id}.`);
      const { report, isResolvedNow } = done;
      const of = `the report of a message of ${report.message.sender.handle}`;
      const { at = '', by: first = '' } = report.resolution ?? {};
      await session.out.result(
        { report: id, isResolvedNow, ...report.resolution },
        isResolvedNow ? `Resolved ${of}.` : `Nothing to do: ${printable(first)} resolved ${of} on ${readableTime(at)}.`,
      );
    });
