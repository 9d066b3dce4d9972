/** What CloudFormation's references are replaced by. */
export interface Values {
  region: string;
  account: string;
  /** Of a `Ref` or `Fn::GetAtt`, by `id` or `id.attribute`; undefined for what is not known. */
  find: (reference: string) => string | undefined;
}

/** Replaces `Ref`, `Fn::GetAtt` and `Fn::Join` as CloudFormation does. Other functions and unknown references stay as they are. */
export function resolveIntrinsics(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveIntrinsics(each, values));
  if (typeof value !== 'object' || value === null) return value;
  const [first, ...others] = Object.entries(value);
  const [name, argument] = first ?? [''];
  if (others.length > 0 || !/^(Ref|Fn::.*)$/.test(name)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolveIntrinsics(each, values)]));
  }
  if (name === 'Ref') return pseudoParameters(values)[String(argument)] ?? values.find(String(argument)) ?? value;
  if (name === 'Fn::GetAtt') return values.find([argument].flat().join('.')) ?? value;
  if (name !== 'Fn::Join') return value;
  const [separator, parts] = argument as [string, unknown[]];
  const resolved = parts.map((part) => resolveIntrinsics(part, values));
  return resolved.every((part) => typeof part === 'string') ? resolved.join(separator) : value;
}

const pseudoParameters = ({ region, account }: Values): Record<string, string> => ({
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::URLSuffix': 'amazonaws.com',
});
