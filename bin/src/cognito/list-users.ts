import type { CognitoUser } from '@cruddur/cognito';
import { type CommandIo, operatorCommand } from '../cli/command.ts';
import { listUsers } from '../cli/list-users.ts';
import type { Column } from '../cli/output.ts';
import { openSession } from '../cli/session.ts';

/** Without names and e-mail addresses: the list may end up in a log. */
type Row = Pick<CognitoUser, 'handle' | 'sub' | 'status'>;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'handle', value: ({ handle }) => handle ?? '' },
  { title: 'sub', value: ({ sub }) => sub },
  { title: 'status', value: ({ status }) => status },
];

export const createCommand = (io: CommandIo) =>
  operatorCommand(io, 'bin/cognito/list-users', {
    summary: 'Lists every user in the pool: handle and sub.',
    examples: ['bin/cognito/list-users', 'bin/cognito/list-users prod --json'],
  }).action(async (where, options) => {
    const session = await openSession(io, where, options, { services: ['cognito'] });
    const users: Row[] = [];
    for await (const user of listUsers(session)) {
      users.push({ handle: user.handle, sub: user.sub, status: user.status });
    }
    await session.out.rows(users, COLUMNS, 'The pool has no users.');
  });
