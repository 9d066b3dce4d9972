import type { Assumptions } from './assumptions.ts';
import { DAYS_PER_MONTH, type Demand, HOURS_PER_MONTH } from './demand.ts';

export interface CostLine {
  what: string;
  amount: number;
  unit: string;
  /** US dollars per unit. */
  price: number;
}

/** The bill of a month. Tasks and capacity units follow the load: on average they are half of the peak. */
export function monthlyBill(
  demand: Demand,
  { aws, bytes, invocation, indexInvocation, indexIo, prices }: Assumptions,
): CostLine[] {
  const { month, peak, monthlyUsers, tableGb, indexGb, valkeyShards } = demand;
  const { dynamodb, lambda, fargate, loadBalancer, nat, aurora, cloudFront, cognito, cloudWatch, secret } = prices;
  const logGb = month.logGb + month.lambdaLogGb;
  // A balancer unit has 3,000 connections or 1 GB an hour. A stream has two connections.
  const balancerUnits = Math.max(1, peak.streams / 3000, month.gbOut / HOURS_PER_MONTH);
  const tasks = Math.max(2, Math.ceil(peak.tasks / 2));
  const acus = Math.max(0.5, peak.acus / 2);
  const gbMs = invocation.ms * invocation.gb + indexInvocation.ms * indexInvocation.gb;
  const databaseGb = (monthlyUsers * bytes.person) / 1e9 + indexGb;
  const databaseIo = monthlyUsers * 10 * DAYS_PER_MONTH + month.messages * indexIo;
  const line = (what: string, amount: number, unit: string, price: number) => ({ what, amount, unit, price });
  return [
    line('DynamoDB writes', month.writeUnits / 1e6, 'M units', dynamodb.millionWrites),
    line('DynamoDB reads', month.readUnits / 1e6, 'M units', dynamodb.millionReads),
    line('DynamoDB storage and recovery', tableGb, 'GB', dynamodb.storageGb + dynamodb.recoveryGb),
    line('Lambda requests, two for a message', (2 * month.invocations) / 1e6, 'M', lambda.millionRequests),
    line('Lambda time', (month.invocations * gbMs) / 1000, 'GB s', lambda.gbSecond),
    line('Fargate', tasks * HOURS_PER_MONTH, 'task hours', fargate.vcpuHour + 2 * fargate.gbHour),
    line('Load balancer', HOURS_PER_MONTH, 'hours', loadBalancer.hour + balancerUnits * loadBalancer.capacityUnitHour),
    line('NAT gateways and their addresses', 2 * HOURS_PER_MONTH, 'hours', nat.hour + prices.addressHour),
    line('NAT traffic (logs)', month.logGb, 'GB', nat.gb),
    line('Aurora capacity, two instances', 2 * acus * HOURS_PER_MONTH, 'unit hours', aurora.acuHour),
    line('Aurora storage', Math.max(10, databaseGb), 'GB', aurora.storageGb),
    line('Aurora I/O', databaseIo / 1e6, 'M', aurora.millionIo),
    line('CloudFront traffic', month.gbOut, 'GB', cloudFront.gb),
    line('CloudFront requests', month.calls / 1e6, 'M', cloudFront.millionRequests),
    line('Cognito with threat protection', monthlyUsers, 'users', cognito.activeUser),
    // Each shard has a replica in the other zone.
    line('Valkey, two nodes for a shard', 2 * valkeyShards * HOURS_PER_MONTH, 'node hours', prices.valkeyNodeHour),
    line('CloudWatch logs of API and Lambdas', logGb, 'GB', cloudWatch.logGb),
    line('Flow logs', month.flowLogGb, 'GB', prices.flowLogGb),
    line(
      'Alarms, dashboard, public check, secrets',
      1,
      'set',
      aws.alarms * cloudWatch.alarm + cloudWatch.dashboard + prices.healthCheck + 3 * secret,
    ),
  ];
}

/** The total of a bill in US dollars. */
export function totalOf(bill: readonly CostLine[]): number {
  return bill.reduce((sum, { amount, price }) => sum + amount * price, 0);
}
