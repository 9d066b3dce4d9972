import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { isStandby } from '../regions.ts';
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
    // On standby no task runs, and no one is to be woken.
    if (isStandby(props.settings)) {
      for (const alarm of alarms) (alarm.node.defaultChild as CfnAlarm).actionsEnabled = false;
    }
    const { dashboardName } = createDashboard(this, alarms, props);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    });
  }
}
