import { fileURLToPath } from 'node:url';
import { nodeBundle } from '@cruddur/config/esbuild';
import { Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { FargateTaskDefinition, ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { accept } from '../accept.ts';
import { LAMBDA_RUNTIME } from '../lambda-runtime.ts';
import { createLogGroup } from '../log-group.ts';
import type { Settings } from '../settings.ts';

const ROOT_DIR = fileURLToPath(new URL('../../../', import.meta.url));

/** The longest that a Lambda may run, and therefore this step of the deployment. */
const LONGEST = Duration.minutes(15);

export interface MigrationStepProps {
  settings: Settings;
  cluster: ICluster;
  vpc: IVpc;
  securityGroups: ISecurityGroup[];
  task: FargateTaskDefinition;
  imageHash: string;
  /** Deployed only after the migration. */
  before: Construct;
}

/**
 * Runs the migration in each deployment of another image, as a task that must succeed before the service is updated. If
 * it fails, nothing else has changed.
 *
 * It is not a container that every task of the server starts with: a task must be able to start while PostgreSQL is
 * away, the server must not have the owner's password, and ECS limits such a container to two minutes.
 */
export class MigrationStep extends Construct {
  constructor(scope: Construct, id: string, props: MigrationStepProps) {
    super(scope, id);
    const { cluster, vpc, securityGroups, task } = props;
    const logGroup = createLogGroup(this, 'Logs', props.settings);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    role.addToPolicy(new PolicyStatement({ actions: ['ecs:RunTask'], resources: [task.taskDefinitionArn] }));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['ecs:DescribeTasks'],
        resources: ['*'],
        conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } },
      }),
    );
    task.taskRole.grantPassRole(role);
    task.obtainExecutionRole().grantPassRole(role);
    accept(role, { 'IAM5[Resource::*]': 'A task has no name before it runs: those of our cluster.' });
    const handler = new NodejsFunction(this, 'Run', {
      entry: `${ROOT_DIR}infra/src/api/run-migration/handler.ts`,
      projectRoot: ROOT_DIR,
      depsLockFilePath: `${ROOT_DIR}package-lock.json`,
      bundling: {
        format: OutputFormat.ESM,
        minify: true,
        logLevel: LogLevel.ERROR,
        target: nodeBundle.target,
        externalModules: ['@aws-sdk/*'],
      },
      runtime: LAMBDA_RUNTIME,
      architecture: Architecture.ARM_64,
      timeout: LONGEST,
      role,
      logGroup,
      environment: {
        CLUSTER: cluster.clusterArn,
        TASK_DEFINITION: task.taskDefinitionArn,
        SUBNETS: vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds.join(','),
        SECURITY_GROUPS: securityGroups.map((group) => group.securityGroupId).join(','),
        // Another image creates another version of this function, which activates the trigger.
        IMAGE_HASH: props.imageHash,
      },
    });
    // Wait until the task's roles have their permissions: nothing else depends on those.
    new Trigger(this, 'BeforeService', {
      handler,
      timeout: LONGEST,
      executeAfter: [task],
      executeBefore: [props.before],
    });
  }
}
