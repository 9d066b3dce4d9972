import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { ApiStack } from '../api/api-stack.ts';
import { ALARM_PREFIX, adviceFor } from './alarm-topic.ts';

/** Notifies the topic when ECS gives up a deployment. It is an event: CloudWatch has no metric that an alarm could read. */
export function notifyOfFailedDeployments(scope: Construct, topic: Topic, { service }: ApiStack): void {
  const reason = EventField.fromPath('$.detail.reason');
  const rule = new Rule(scope, 'DeploymentFailed', {
    ruleName: `${ALARM_PREFIX}deployment-failed`,
    description: `ECS gave up a deployment of the API. ${adviceFor('deployment-failed')}`,
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Deployment State Change'],
      resources: [service.serviceArn],
      detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
    },
    targets: [
      new SnsTopic(topic, {
        message: RuleTargetInput.fromText(
          `A deployment of the API failed: ${reason} ${adviceFor('deployment-failed')}`,
        ),
      }),
    ],
  });
  rule.node.addDependency(topic.node.findChild('Policy'));
}
