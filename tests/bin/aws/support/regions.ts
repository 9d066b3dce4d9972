import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ACCOUNT, awsError, type startStandIns } from './stand-ins.ts';

type Mapping = 'Enabled' | 'Disabling' | 'Disabled' | 'Enabling';

/** One region's part of the deployment. */
interface Side {
  mappings: Record<string, Mapping>;
  desired: number;
  running: number;
  /** Whether the newest deployment of the service is under way. */
  isDeploying: boolean;
  limits: [min: number, max: number];
  /** It does not answer: connections fail. */
  isGone: boolean;
  outputs: Record<string, Record<string, string>>;
}

const clusterArn = (region: string) => `arn:aws:rds:${region}:${ACCOUNT}:cluster:cruddur-messages`;

/**
 * Two regions with their mappings, tasks and a global database. What is under way takes a step each time that it is described.
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html (states)
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverGlobalCluster.html
 */
export function serveRegions(aws: ReturnType<typeof startStandIns>, [home, second]: readonly [string, string]) {
  const side = (isServing: boolean, webStack: string): Side => ({
    mappings: { stream: isServing ? 'Enabled' : 'Disabled', index: isServing ? 'Enabled' : 'Disabled' },
    desired: isServing ? 2 : 0,
    running: isServing ? 2 : 0,
    isDeploying: false,
    limits: isServing ? [2, 20] : [0, 0],
    isGone: false,
    outputs: {
      CruddurStream: { StreamMappingId: 'stream' },
      CruddurIndex: { IndexMappingId: 'index' },
      CruddurApi: { ClusterName: 'cluster', ServiceName: 'service', TasksMin: '2', TasksMax: '20' },
      CruddurData: { DatabaseOwnerSecretArn: 'owner-secret' },
      [webStack]: { DistributionId: `E${webStack.toUpperCase()}` },
    },
  });
  const state = {
    sides: { [home]: side(true, 'CruddurWeb'), [second]: side(false, 'CruddurWebReplica') } as Record<string, Side>,
    database: { writer: home, next: undefined as string | undefined, steps: 0, password: '' },
    /** The most regions that moved rows, or wrote, at one time. */
    mostAtOnce: 1,
  };
  const at = (region: string): Side => {
    const found = state.sides[region];
    if (!found || found.isGone)
      throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${region}`), { code: 'ENOTFOUND' });
    return found;
  };
  function look(): void {
    const working = Object.values(state.sides).filter(
      ({ mappings, running, isGone }) =>
        !isGone && (running > 0 || Object.values(mappings).some((mapping) => mapping !== 'Disabled')),
    );
    state.mostAtOnce = Math.max(state.mostAtOnce, working.length);
  }

  aws.serve(CloudFormationClient, {
    DescribeStacks({ StackName }: { StackName: string }, region) {
      const outputs = at(region).outputs[StackName];
      if (!outputs) throw awsError('ValidationError', `Stack with id ${StackName} does not exist`);
      return {
        Stacks: [{ Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })) }],
      };
    },
  });
  aws.serve(LambdaClient, {
    GetEventSourceMapping({ UUID }: { UUID: string }, region) {
      const { mappings } = at(region);
      const State = mappings[UUID];
      if (State === 'Enabling') mappings[UUID] = 'Enabled';
      if (State === 'Disabling') mappings[UUID] = 'Disabled';
      look();
      return { UUID, State };
    },
    UpdateEventSourceMapping({ UUID, Enabled }: { UUID: string; Enabled: boolean }, region) {
      const { mappings } = at(region);
      if (mappings[UUID]?.endsWith('ing')) throw awsError('ResourceInUseException', 'It is being updated.');
      mappings[UUID] = Enabled ? 'Enabling' : 'Disabling';
      look();
      return { UUID, State: mappings[UUID] };
    },
  });
  aws.serve(ECSClient, {
    DescribeServices(_: object, region) {
      const found = at(region);
      const rolloutState = found.isDeploying ? 'IN_PROGRESS' : 'COMPLETED';
      const service = {
        desiredCount: found.desired,
        runningCount: found.running,
        deployments: [{ status: 'PRIMARY', rolloutState }],
      };
      if (found.running === found.desired) found.isDeploying = false;
      else found.running += Math.sign(found.desired - found.running);
      look();
      return { services: [service] };
    },
    UpdateService({ desiredCount }: { desiredCount: number }, region) {
      Object.assign(at(region), { desired: desiredCount, isDeploying: true });
      return {};
    },
  });
  aws.serve(ApplicationAutoScalingClient, {
    RegisterScalableTarget({ MinCapacity, MaxCapacity }: { MinCapacity: number; MaxCapacity: number }, region) {
      at(region).limits = [MinCapacity, MaxCapacity];
      return {};
    },
  });
  aws.serve(SecretsManagerClient, {
    GetSecretValue: (_: object, region) => ({ SecretString: JSON.stringify({ password: `password of ${region}` }) }),
  });
  function begin(target: string) {
    const { database } = state;
    if (database.next) throw awsError('InvalidGlobalClusterStateFault', 'It is not in an available state.');
    Object.assign(database, { next: target.split(':')[3], steps: 2 });
    return {};
  }
  aws.serve(RDSClient, {
    DescribeGlobalClusters(_: object, region) {
      at(region);
      const { database } = state;
      if (database.next && database.steps-- === 0) Object.assign(database, { writer: database.next, next: undefined });
      return {
        GlobalClusters: [
          {
            Status: database.next ? 'switching-over' : 'available',
            FailoverState: database.next ? { Status: 'switching-over' } : undefined,
            GlobalClusterMembers: Object.keys(state.sides).map((each) => ({
              DBClusterArn: clusterArn(each),
              IsWriter: database.writer === each,
            })),
          },
        ],
      };
    },
    SwitchoverGlobalCluster({ TargetDbClusterIdentifier }: { TargetDbClusterIdentifier: string }) {
      if (state.sides[state.database.writer]?.isGone) {
        throw awsError('InvalidGlobalClusterStateFault', 'The primary cluster is not available.');
      }
      return begin(TargetDbClusterIdentifier);
    },
    FailoverGlobalCluster: (input: { TargetDbClusterIdentifier: string; AllowDataLoss: boolean }) => {
      if (!input.AllowDataLoss) throw awsError('InvalidParameterValue', 'AllowDataLoss or Switchover is required.');
      return begin(input.TargetDbClusterIdentifier);
    },
    DescribeDBClusters: () => ({ DBClusters: [{ Status: 'available' }] }),
    ModifyDBCluster(input: { DBClusterIdentifier: string; MasterUserPassword: string }) {
      if (input.DBClusterIdentifier !== clusterArn(state.database.writer)) {
        throw awsError('InvalidDBClusterStateFault', 'A secondary cluster has no master user.');
      }
      state.database.password = input.MasterUserPassword;
      return {};
    },
  });
  return state;
}
