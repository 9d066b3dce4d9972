/**
 * The commands that run as a task in the network, because they need the database (`bin/aws/run`). None prints what people have
 * written: its output is stored in a log.
 */
export const OPERATOR_COMMANDS = [
  'ddb/verify',
  'search/rebuild',
  'db/sessions',
  'db/update_cognito_user_ids',
  'moderation/suspend',
  'moderation/unsuspend',
] as const;

export type OperatorCommand = (typeof OPERATOR_COMMANDS)[number];

/** Accepts `ddb/verify` and `bin/ddb/verify`. */
export function findOperatorCommand(text: string): OperatorCommand | undefined {
  const name = text.replace(/^bin\//, '');
  return OPERATOR_COMMANDS.find((command) => command === name);
}
