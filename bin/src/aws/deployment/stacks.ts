import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { refused } from '../../cli/errors.ts';
import { findStack } from '../stack-outputs.ts';

const HELP = 'docs/first-deployment-fails.md says what to do.';
/** States from which CloudFormation accepts no update. */
const STUCK = /^(ROLLBACK_|DELETE_|UPDATE_ROLLBACK_FAILED)|_IN_PROGRESS$/;
/** It has change sets and no resources: `cdk diff` or `cdk deploy` was stopped. The CDK creates it. */
const EMPTY = 'REVIEW_IN_PROGRESS';

/** An output of `CruddurData` in releases that cannot be updated to this one. */
const EARLIER_OUTPUT = 'DatabaseServerSecretArn';

/** Of CloudFront's log, which is configured there. */
export const EDGE_REGION = 'us-east-1';
export const isEdgeLog = (name: string): boolean => name.startsWith('CruddurEdgeLog');

/**
 * Describes the stacks that exist, by name.
 *
 * @throws {CommandError} if one cannot be updated, or belongs to another stage: names are the account's, so two stages need two accounts.
 * Also if it is of a release whose table, database and subnets CloudFormation would have to replace
 */
export async function findStacks(
  clientOf: (name: string) => CloudFormationClient,
  names: readonly string[],
  stage: string,
): Promise<Map<string, Stack>> {
  const found = new Map<string, Stack>();
  for (const name of names) {
    const stack = await findStack(clientOf(name), name);
    if (!stack || stack.StackStatus === EMPTY) continue;
    const { StackStatus = '', StackStatusReason, Tags = [], Outputs = [] } = stack;
    if (STUCK.test(StackStatus)) {
      throw refused(`${name} is in the state ${StackStatus} (${StackStatusReason ?? 'no reason given'}). ${HELP}`);
    }
    const deployed = Tags.find(({ Key }) => Key === 'stage')?.Value;
    if (deployed !== undefined && deployed !== stage) {
      throw refused(
        `This account and region has the stage ${deployed}, and the settings say ${stage}. Names are fixed, so every stage needs its own account.`,
      );
    }
    if (name === 'CruddurData' && Outputs.some(({ OutputKey }) => OutputKey === EARLIER_OUTPUT)) {
      throw refused(
        'What is deployed here is of an earlier release, which cannot be updated to this one: its table and database would be ' +
          'replaced. docs/deployment.md says what to do ("From an earlier release").',
      );
    }
    found.set(name, stack);
  }
  return found;
}
