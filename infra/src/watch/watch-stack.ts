import { CfnCondition, CfnOutput, CfnParameter, type CfnResource, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AlarmSpec, MonitoredStacks } from './alarm-spec.ts';
import { apiAlarms } from './api-alarms.ts';
import { createDashboard } from './dashboard.ts';
import { pushAlarms } from './push-alarms.ts';
import { storeAlarms } from './store-alarms.ts';
import { streamAlarms } from './stream-alarms.ts';

export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & MonitoredStacks) {
    super(scope, id, props);
    const topic = new Topic(this, 'Alarms', { displayName: 'Cruddur Messages', enforceSSL: true });
    this.subscribe(topic);
    const action = new SnsAction(topic);
    const alarms = [...streamAlarms(props), ...pushAlarms(props), ...apiAlarms(props), ...storeAlarms(props)].map(
      (spec) => {
        const alarm = this.createAlarm(spec);
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
        return alarm;
      },
    );
    const { dashboardName } = createDashboard(this, alarms, props);
    new CfnOutput(this, 'DashboardUrl', {
      value: `https://console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${dashboardName}`,
    });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }

  private createAlarm({ name, description, metric, threshold, alarmsOnMissingData }: AlarmSpec): Alarm {
    const isAbove = 'above' in threshold;
    return new Alarm(this, name, {
      alarmName: `cruddur-${name}`,
      alarmDescription: `${description} What to do: docs/alarms.md, "${name}".`,
      metric,
      threshold: isAbove ? threshold.above : threshold.below,
      comparisonOperator: isAbove ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: threshold.periods,
      treatMissingData: alarmsOnMissingData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  private subscribe(topic: Topic): void {
    const { valueAsString: endpoint } = new CfnParameter(this, 'AlarmEmail', {
      description: 'E-mail address that receives the alarms; empty for none',
      default: '',
    });
    const subscription = new Subscription(this, 'Email', { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    (subscription.node.defaultChild as CfnResource).cfnOptions.condition = new CfnCondition(this, 'HasEmail', {
      expression: Fn.conditionNot(Fn.conditionEquals(endpoint, '')),
    });
  }
}
