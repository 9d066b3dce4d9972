import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { refused } from '../cli/errors.ts';

type CloudFormation = Pick<CloudFormationClient, 'send'>;

/** Describes a stack; undefined if the account has none in this region. */
export async function findStack(cloudFormation: CloudFormation, stackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return Stacks[0];
  } catch (error) {
    // CloudFormation has no error of its own for this: "Stack with id CruddurApi does not exist".
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

/** Reads what a stack has put out. @throws {CommandError} if there is no such stack */
export async function readOutputs(cloudFormation: CloudFormation, stackName: string): Promise<Record<string, string>> {
  const stack = await findStack(cloudFormation, stackName);
  if (!stack) {
    throw refused(`There is no stack ${stackName} in this account and region: deploy it with bin/aws/deploy.`);
  }
  return Object.fromEntries(
    (stack.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
      OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
    ),
  );
}

/** Reads certain outputs. @throws {CommandError} if the stack is missing, or older than one of them */
export async function requireOutputs<Name extends string>(
  cloudFormation: CloudFormation,
  stackName: string,
  names: readonly Name[],
): Promise<Record<Name, string>> {
  const outputs = await readOutputs(cloudFormation, stackName);
  const missing = names.filter((name) => outputs[name] === undefined);
  if (missing.length > 0) {
    throw refused(`${stackName} has no output ${missing.join(', ')}: deploy this release with bin/aws/deploy first.`);
  }
  return outputs as Record<Name, string>;
}
