import { Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { suppressNag } from '../nag.ts';
import { createNodeLambda } from '../node-lambda.ts';
import type { Settings } from '../settings.ts';

/** The maximum duration of a Lambda, and therefore of this step of the deployment. */
const TIMEOUT = Duration.minutes(15);

interface MigrationStepProps {
  settings: Settings;
  cluster: ICluster;
  vpc: IVpc;
  securityGroups: ISecurityGroup[];
  task: FargateTaskDefinition;
  imageHash: string;
  /** Deployed after the migration. */
  before: Construct[];
}

/**
 * Runs the migration when a deployment has a new image: a task that must succeed before the service is updated. If it
 * fails, nothing else has changed.
 * It is not a container of every server task: a task must start while PostgreSQL is down, the server must not have the
 * owner's password, and ECS limits such a container to two minutes.
 */
export class MigrationStep extends Construct {
  constructor(scope: Construct, id: string, props: MigrationStepProps) {
    super(scope, id);
    const { cluster, vpc, securityGroups, task } = props;
    const { lambda: handler, role } = createNodeLambda(this, 'Run', {
      entry: 'infra/src/api/run-migration/handler.ts',
      settings: props.settings,
      timeout: TIMEOUT,
      environment: {
        CLUSTER: cluster.clusterArn,
        TASK_DEFINITION: task.taskDefinitionArn,
        SUBNETS: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds.join(','),
        SECURITY_GROUPS: securityGroups.map((group) => group.securityGroupId).join(','),
        // A new image creates a new version of this function, which starts the trigger.
        IMAGE_HASH: props.imageHash,
      },
    });
    role.addToPolicy(new PolicyStatement({ actions: ['ecs:RunTask'], resources: [task.taskDefinitionArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    task.taskRole.grantPassRole(role);
    task.obtainExecutionRole().grantPassRole(role);
    suppressNag(role, {
      'IAM5[Resource::*]': 'A task has no ARN before it runs; the condition limits it to our cluster.',
    });
    // Without `executeAfter` the task could run before its roles have their permissions.
    const order = { executeAfter: [task], executeBefore: props.before };
    new Trigger(this, 'BeforeService', { handler, timeout: TIMEOUT, ...order });
  }
}
