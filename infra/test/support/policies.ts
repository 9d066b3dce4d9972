import type { Synthesised } from './deployment.ts';

/** A statement of a role's policies. */
export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, unknown>;
}

/** The statements of the policies whose ids begin so. */
export function statementsOf(
  deployment: Synthesised,
  stack: Parameters<Synthesised['all']>[0],
  idPrefix: string,
): Statement[] {
  return deployment
    .all(stack, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(idPrefix))
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

/** Every action that statements allow, each once. */
export function actionsOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
