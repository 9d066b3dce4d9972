import { processIo, runCommand } from './cli/run-command.ts';
import { findOperatorCommand, OPERATOR_COMMANDS, type OperatorCommand } from './operator-commands.ts';

// The program of the operator task, in the API's image: node dist/operator.js ddb/verify prod

type CommandModule = { createCommand: Parameters<typeof runCommand>[0] };

const LOADERS: Record<OperatorCommand, () => Promise<CommandModule>> = {
  'ddb/verify': () => import('./ddb/verify.ts'),
  'search/rebuild': () => import('./search/rebuild.ts'),
  'db/sessions': () => import('./db/sessions.ts'),
  'db/update_cognito_user_ids': () => import('./db/update-cognito-user-ids.ts'),
  'moderation/suspend': () => import('./moderation/suspend.ts'),
  'moderation/unsuspend': () => import('./moderation/unsuspend.ts'),
};

// ECS ends a task by SIGTERM, a terminal by SIGINT: a rebuild then prints where to continue.
process.on('SIGTERM', () => process.kill(process.pid, 'SIGINT'));

const [name = '', ...args] = process.argv.slice(2);
const command = findOperatorCommand(name);
if (command === undefined) {
  process.stderr.write(`Error: there is no command ${name}; there are ${OPERATOR_COMMANDS.join(', ')}.\n`);
  process.exitCode = 1;
} else {
  const { createCommand } = await LOADERS[command]();
  process.exitCode = await runCommand(createCommand, args, processIo);
}
