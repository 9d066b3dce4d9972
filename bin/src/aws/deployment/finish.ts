import path from 'node:path';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import { failed } from '../../cli/errors.ts';
import { type AwsSession, stopIfInterrupted } from '../aws-command.ts';
import { requireOutputs } from '../stack-outputs.ts';
import { runIn } from './checkout.ts';
import { publishPage } from './publish-page.ts';
import { EDGE_REGION } from './stacks.ts';

/** Builds the page again, which contains the pool's ids. What has not changed is not built again. */
export async function buildPage(aws: AwsSession, cloudFormation: CloudFormationClient): Promise<void> {
  const pool = await requireOutputs(cloudFormation, 'CruddurData', ['UserPoolId', 'UserPoolClientId']);
  const env = { COGNITO_USER_POOL_ID: pool.UserPoolId, COGNITO_CLIENT_ID: pool.UserPoolClientId };
  await runIn(aws, '', ['npm', 'run', 'build'], { env });
}

/** @returns how many files were uploaded, and the name of CloudFront's distribution */
export async function publish(
  aws: AwsSession,
  cloudFormation: CloudFormationClient,
  web: string,
): Promise<{ files: number; distribution: string }> {
  const outputs = await requireOutputs(cloudFormation, web, ['PageBucketName', 'DistributionDomainName']);
  const files = await aws.out.withProgress('Publishing the page', (update) =>
    publishPage({
      s3: aws.client(S3Client),
      bucket: outputs.PageBucketName,
      folder: path.join(aws.io.rootDir, 'apps/web/dist'),
      onFile(uploaded, all) {
        update(`Publishing the page: ${uploaded} of ${all} files`);
        if (uploaded < all) stopIfInterrupted(aws);
      },
    }),
  );
  return { files, distribution: outputs.DistributionDomainName };
}

/** Sets an alarm of each topic, so that its mail shows that alarms arrive; its next evaluation, within minutes, resets it. */
export async function testAlarms(aws: AwsSession): Promise<void> {
  for (const region of new Set([aws.region, EDGE_REGION])) await testAlarmOf(aws, region);
  aws.out.say(
    'A mail of each must arrive within minutes. If one does not, confirm its subscription (that mail comes first) and run ' +
      'bin/aws/deploy --only alarm.',
  );
}

async function testAlarmOf(aws: AwsSession, region: string): Promise<void> {
  const cloudWatch = aws.client(CloudWatchClient, region);
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'cruddur-' }));
  const alarm = MetricAlarms.find(({ AlarmName }) => AlarmName === 'cruddur-stream-lag') ?? MetricAlarms[0];
  if (alarm?.AlarmName === undefined) throw failed(`There is no alarm in ${region}: deploy all stacks first.`);
  if (!alarm.ActionsEnabled || alarm.AlarmActions?.length === 0) throw failed(`${alarm.AlarmName} notifies no one.`);
  const StateReason = 'A test by bin/aws/deploy: nothing is wrong';
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: alarm.AlarmName, StateValue: 'ALARM', StateReason }));
  aws.out.say(`${alarm.AlarmName} in ${region} is set as a test.`);
}
