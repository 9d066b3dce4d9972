/** A call as AWS judges it. Names and ARNs are concrete. */
export interface ApiCall {
  action: string;
  resource: string;
  /** The service that calls, such as `cloudwatch.amazonaws.com`, for the policy of a resource. */
  service?: string;
  /** Condition keys of the request, such as `aws:PrincipalArn`. */
  context?: Record<string, string>;
}

export interface PolicyStatement {
  Effect: string;
  Principal?: '*' | { AWS?: string | string[]; Service?: string | string[] };
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, boolean | string | string[]>>;
}

/**
 * What some statements say of a call; an explicit denial prevails.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * @throws Error for an operator of conditions that it does not know
 */
export function evaluate(statements: readonly PolicyStatement[], call: ApiCall): 'allow' | 'deny' | 'nothing' {
  const effects = statements.filter((statement) => applies(statement, call)).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'deny';
  return effects.includes('Allow') ? 'allow' : 'nothing';
}

function applies(statement: PolicyStatement, { action, resource, service, context = {} }: ApiCall) {
  const { Principal, Action, Resource, Condition = {} } = statement;
  // Actions are compared regardless of case, ARNs are not.
  const isNamed = [Action].flat().some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase()));
  return (
    isNamed &&
    (Principal === undefined || isOf(Principal, service)) &&
    [Resource].flat().some((pattern) => isLike(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, [values].flat().map(String), context[key])),
    )
  );
}

function isOf(principal: NonNullable<PolicyStatement['Principal']>, service: string | undefined): boolean {
  if (principal === '*' || [principal.AWS].flat().includes('*')) return true;
  return service !== undefined && [principal.Service].flat().includes(service);
}

/** Without the key in the request, a positive operator is false and a negated one is true. */
function holds(operator: string, values: readonly string[], actual: string | undefined): boolean {
  const some = (test: (value: string, actual: string) => boolean) =>
    actual !== undefined && values.some((value) => test(value, actual));
  const same = (value: string, given: string) => value === given;
  switch (operator) {
    case 'Bool':
    case 'StringEquals':
    case 'ArnEquals':
      return some(operator === 'ArnEquals' ? isLike : same);
    case 'StringNotEquals':
      return !some(same);
    // Of keys with several values, a call here has one.
    case 'ForAnyValue:StringLike':
    case 'StringLike':
    case 'ArnLike':
      return some(isLike);
    case 'StringNotLike':
    case 'ArnNotLike':
      return !some(isLike);
    default:
      throw new Error(`Not known here: the operator ${operator}`);
  }
}

/** `*` and `?` stand for any characters and for one. */
function isLike(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
