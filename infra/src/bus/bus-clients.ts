import { type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { BusStack } from './bus-stack.ts';

/** The group whose members reach the bus. Immutable: the program's stack adds no rules to it. There is none without Valkey. */
export function busClientGroups(scope: Construct, bus: BusStack | undefined): ISecurityGroup[] {
  if (!bus) return [];
  return [SecurityGroup.fromSecurityGroupId(scope, 'BusClients', bus.clients.securityGroupId, { mutable: false })];
}
