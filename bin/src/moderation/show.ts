import { findReport, findSuspension, type MessageSnapshot, type Report, type Suspension } from '@cruddur/ddb';
import { bareCommand, type CommandIo, jsonOption, prodArgument, verboseOption } from '../cli/command.ts';
import { refused } from '../cli/errors.ts';
import { openSession } from '../cli/session.ts';
import { DELETED, printable, readableTime } from '../cli/text.ts';
import { withTable } from '../cli/with-table.ts';
import { describeSuspension, reportArgument } from './moderation.ts';

export const createCommand = (io: CommandIo) =>
  bareCommand(io, 'bin/moderation/show', {
    summary:
      'Shows a report: the message as it was when it was reported, its earlier versions, and up to five messages before and ' +
      'after it.',
    examples: ['bin/moderation/show 6a09e667f3bcc908b2fb1366ea957d3e'],
  })
    .addArgument(reportArgument())
    .addArgument(prodArgument())
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(async (id, where, options) => {
      const session = await openSession(io, where, options, { services: ['dynamodb'] });
      await withTable(session, async (table) => {
        const report = await findReport(table, id);
        if (!report) throw refused(`There is no report ${id}.`);
        const suspension = (await findSuspension(table, report.message.sender.uuid)) ?? null;
        await session.out.line({ ...report, suspension }, () => describeReport(report, suspension));
      });
    });

function describeReport(report: Report, suspension: Suspension | null): string {
  const { message, resolution } = report;
  const { sender } = message;
  const lines = [
    ['report', report.id],
    ['reported', `${readableTime(report.reportedAt)} by ${describePerson(report.reporter)}`],
    ['reason', report.reason + (report.note === null ? '' : `: ${printable(report.note)}`)],
    ['of', describePerson(sender) + (suspension ? `, ${describeSuspension(suspension)}` : '')],
    ['group', report.messageGroupUuid],
    ['status', resolution ? describeResolution(resolution) : 'open'],
  ];
  return [
    ...lines.map(([name = '', value = '']) => `${name.padEnd(9)} ${value}`),
    '',
    ...report.before.map((each) => `  ${describeMessage(each)}`),
    `> ${describeMessage(message)}`,
    ...message.versions.map((each) => `    ${readableTime(each.createdAt)} before an edit: ${printable(each.message)}`),
    ...report.after.map((each) => `  ${describeMessage(each)}`),
  ].join('\n');
}

const describePerson = ({ handle, displayName }: Report['reporter']) => `${handle} (${printable(displayName)})`;

const describeResolution = ({ at, by, reason }: NonNullable<Report['resolution']>) =>
  `resolved ${readableTime(at)} by ${printable(by)}: ${printable(reason)}`;

function describeMessage(each: MessageSnapshot): string {
  const { sender, message, createdAt, editedAt, deletedAt, repliesTo } = each;
  const notes = [
    editedAt !== null && `edited ${readableTime(editedAt)}`,
    deletedAt !== null && `deleted ${readableTime(deletedAt)}`,
    repliesTo !== null && `in reply to: ${printable(repliesTo)}`,
  ].filter((note) => note !== false);
  const text = deletedAt === null ? printable(message) : DELETED;
  return `${readableTime(createdAt)} ${sender.handle}: ${text}${notes.length > 0 ? ` [${notes.join('; ')}]` : ''}`;
}
