import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accountAlarms } from './account-alarms.ts';
import type { MonitoredStacks } from './alarm-spec.ts';
import { createAlarms, createAlarmTopic } from './alarm-topic.ts';
import { apiAlarms } from './api-alarms.ts';
import { backupAlarms } from './backup-alarms.ts';
import { busAlarms } from './bus-alarms.ts';
import { createDashboard } from './dashboard.ts';
import { notifyOfFailedDeployments } from './deployment-failed.ts';
import { countLogLines } from './log-counts.ts';
import { pushAlarms } from './push-alarms.ts';
import { storeAlarms } from './store-alarms.ts';
import { streamAlarms } from './stream-alarms.ts';

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & MonitoredStacks) {
    super(scope, id, props);
    const counts = countLogLines(this, props);
    const topic = createAlarmTopic(this);
    const alarms = createAlarms(
      this,
      topic,
      [
        ...streamAlarms(props, counts),
        ...pushAlarms(props),
        ...apiAlarms(props, counts),
        ...storeAlarms(props, counts),
        ...accountAlarms(props),
        ...backupAlarms(props),
        ...busAlarms(props),
      ],
      props.settings,
    );
    notifyOfFailedDeployments(this, topic, props.api);
    const { dashboardName } = createDashboard(this, alarms, props);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    });
  }
}
