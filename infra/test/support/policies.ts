import type { Synthesised } from './deployment.ts';

type StackName = Parameters<Synthesised['all']>[0];

export interface Statement {
  Effect: string;
  Principal?: unknown;
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

const KNOWN_ELEMENTS = ['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition'];

/** A service's call, as IAM sees it. */
export interface ServiceCall {
  /** Such as `cloudwatch.amazonaws.com`. */
  service: string;
  action: string;
  /** An ARN. */
  resource: string;
  /** Condition keys of the call, in lower case. */
  context: Readonly<Record<string, string>>;
}

/**
 * Whether a resource's policy allows a service's call: a statement allows it, and none denies it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @throws Error for an element or operator that it does not know
 */
export function isAllowed(statements: readonly Statement[], call: ServiceCall): boolean {
  const effects = statements.filter((statement) => applies(statement, call)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies(statement: Statement, call: ServiceCall): boolean {
  const { Principal, Action, Resource, Condition = {} } = statement;
  const unknown = Object.keys(statement).filter((element) => !KNOWN_ELEMENTS.includes(element));
  if (unknown.length > 0) throw new Error(`unknown elements of a statement: ${unknown.join(', ')}`);
  return (
    includesService(Principal, call.service) &&
    [Action].flat().some((action) => matches(action.toLowerCase(), call.action.toLowerCase())) &&
    [Resource].flat().some((resource) => matches(asText(resource), call.resource)) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests as Record<string, unknown>).every(([key, values]) =>
        holds(operator, [values].flat().map(asText), call.context[key.toLowerCase()]),
      ),
    )
  );
}

function includesService(principal: unknown, service: string): boolean {
  if (principal === '*') return true;
  const { AWS, Service } = principal as { AWS?: string | string[]; Service?: string | string[] };
  return [AWS].flat().includes('*') || [Service].flat().includes(service);
}

/** Values of one key are alternatives. A key that the call does not have fails these operators. */
function holds(operator: string, values: readonly string[], actual: string | undefined): boolean {
  const test = OPERATORS[operator];
  if (test === undefined) throw new Error(`unknown operator ${operator}`);
  return actual !== undefined && values.some((value) => test(value, actual));
}

const OPERATORS: Record<string, (value: string, actual: string) => boolean> = {
  Bool: (value, actual) => value === actual,
  StringEquals: (value, actual) => value === actual,
  StringLike: matches,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

/** Each of the six parts of an ARN is matched by itself. */
function matchesArn(pattern: string, arn: string): boolean {
  const parts = (text: string) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/.exec(text)?.slice(1) ?? [];
  const [ofPattern, ofArn] = [parts(pattern), parts(arn)];
  return ofArn.length === 6 && ofArn.every((part, index) => matches(ofPattern[index] ?? '', part));
}

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new Error(`not resolved: ${JSON.stringify(value)}`);
  return value;
}
