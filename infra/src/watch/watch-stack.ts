import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { MonitoredStacks } from './alarm-spec.ts';
import { createAlarms, createAlarmTopic } from './alarm-topic.ts';
import { apiAlarms } from './api-alarms.ts';
import { createDashboard } from './dashboard.ts';
import { pushAlarms } from './push-alarms.ts';
import { storeAlarms } from './store-alarms.ts';
import { streamAlarms } from './stream-alarms.ts';

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & MonitoredStacks) {
    super(scope, id, props);
    const specs = [...streamAlarms(props), ...pushAlarms(props), ...apiAlarms(props), ...storeAlarms(props)];
    const alarms = createAlarms(this, createAlarmTopic(this), specs);
    const { dashboardName } = createDashboard(this, alarms, props);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    });
  }
}
