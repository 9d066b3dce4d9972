import type { Synthesised } from './deployment.ts';

type StackName = Parameters<Synthesised['all']>[0];

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, unknown>;
}

/** The statements of all policies whose logical id has this prefix. */
export function statementsOf(deployment: Synthesised, stack: StackName, idPrefix: string): Statement[] {
  return deployment
    .all(stack, 'AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(idPrefix))
    .flatMap(([, { Properties }]) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
}

/** The distinct actions of some statements, sorted. */
export function actionsOf(statements: readonly Statement[]): string[] {
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
