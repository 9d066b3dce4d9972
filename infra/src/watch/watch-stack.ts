import { CfnCondition, CfnOutput, CfnParameter, type CfnResource, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type AlarmSpec, alarmsOf, type Watched } from './alarms.ts';
import { createDashboard } from './dashboard.ts';

const NAME_PREFIX = 'cruddur-';

/** Alarms, whom they wake, and the dashboard that one looks at then. */
export class WatchStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & Watched) {
    super(scope, id, props);
    const topic = new Topic(this, 'Alarms', { displayName: 'Cruddur Messages', enforceSSL: true });
    this.subscribe(topic);
    const action = new SnsAction(topic);
    const alarms = alarmsOf(props).map((spec) => {
      const alarm = this.createAlarm(spec);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    createDashboard(this, alarms, props);
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }

  private createAlarm({ name, says, metric, threshold, periods, alarmsOnSilence = false }: AlarmSpec): Alarm {
    const isAbove = 'above' in threshold;
    return new Alarm(this, name, {
      alarmName: `${NAME_PREFIX}${name}`,
      alarmDescription: `${says} What to do: docs/deployment.md, "${name}".`,
      metric,
      threshold: isAbove ? threshold.above : threshold.below,
      comparisonOperator: isAbove ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: alarmsOnSilence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  private subscribe(topic: Topic): void {
    const { valueAsString: endpoint } = new CfnParameter(this, 'AlarmEmail', {
      description: 'Whom the alarms are mailed to; empty for nobody yet',
      default: '',
    });
    const subscription = new Subscription(this, 'Email', { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    (subscription.node.defaultChild as CfnResource).cfnOptions.condition = new CfnCondition(this, 'HasEmail', {
      expression: Fn.conditionNot(Fn.conditionEquals(endpoint, '')),
    });
  }
}
