import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { awsError, type startStandIns } from './stand-ins.ts';

export type Outputs = Record<string, Record<string, string>>;

/**
 * Answers which stacks there are, and what they have put out.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html: "If the stack does not exist, a
 * ValidationError is returned."
 */
export function serveStacks(aws: ReturnType<typeof startStandIns>, stacks: Outputs): void {
  aws.serve(CloudFormationClient, {
    DescribeStacks({ StackName }: { StackName: string }) {
      const outputs = stacks[StackName];
      if (outputs === undefined) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
      const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      return { Stacks: [{ StackName, StackStatus: 'UPDATE_COMPLETE', Outputs }] };
    },
  });
}
