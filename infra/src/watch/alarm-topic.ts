import { ArnFormat, CfnCondition, CfnOutput, CfnParameter, type CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { isStandby } from '../regions.ts';
import type { Settings } from '../settings.ts';
import type { AlarmSpec } from './alarm-spec.ts';

/** Before the name of each alarm. The topics' policies allow these alarms only. */
export const ALARM_PREFIX = 'cruddur-';

/** Creates the topic of a region's alarms, and subscribes the e-mail address that is a parameter of the stack. */
export function createAlarmTopic(stack: Stack): Topic {
  const topic = new Topic(stack, 'Alarms', { displayName: 'Cruddur Messages', enforceSSL: true });
  // A topic with a policy loses SNS's default one, which allows the account's services.
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: {
          'aws:SourceArn': stack.formatArn({
            service: 'cloudwatch',
            resource: 'alarm',
            resourceName: `${ALARM_PREFIX}*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
  );
  subscribe(stack, topic);
  new CfnOutput(stack, 'AlarmTopicArn', { value: topic.topicArn });
  return topic;
}

/**
 * Creates alarms that notify the topic when they start and when they end. On standby no task runs, so they notify no one.
 *
 * @param suffix - after each alarm's name
 */
export function createAlarms(
  stack: Stack,
  topic: Topic,
  specs: readonly AlarmSpec[],
  settings: Settings,
  suffix = '',
): Alarm[] {
  const action = new SnsAction(topic);
  return specs.map((spec) => {
    const alarm = createAlarm(stack, spec, { suffix, actionsEnabled: isStandby(settings) ? false : undefined });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    alarm.node.addDependency(topic.node.findChild('Policy'));
    return alarm;
  });
}

/** The sentence that refers to the alarm's entry in the page. */
export function adviceFor(name: string): string {
  return `What to do: docs/alarms.md, "${name}".`;
}

function createAlarm(
  stack: Stack,
  { name, entry = name, description, metric, threshold, alarmsOnMissingData }: AlarmSpec,
  { suffix, actionsEnabled }: { suffix: string; actionsEnabled: boolean | undefined },
): Alarm {
  const isAbove = 'above' in threshold;
  return new Alarm(stack, name, {
    alarmName: `${ALARM_PREFIX}${name}${suffix}`,
    alarmDescription: `${description} ${adviceFor(entry)}`,
    actionsEnabled,
    metric,
    threshold: isAbove ? threshold.above : threshold.below,
    comparisonOperator: isAbove ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: threshold.periods,
    datapointsToAlarm: threshold.breaching,
    treatMissingData: alarmsOnMissingData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
}

function subscribe(stack: Stack, topic: Topic): void {
  const { valueAsString: endpoint } = new CfnParameter(stack, 'AlarmEmail', {
    description: 'E-mail address that receives the alarms; empty for none',
    default: '',
  });
  const subscription = new Subscription(stack, 'Email', { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
  (subscription.node.defaultChild as CfnResource).cfnOptions.condition = new CfnCondition(stack, 'HasEmail', {
    expression: Fn.conditionNot(Fn.conditionEquals(endpoint, '')),
  });
}
