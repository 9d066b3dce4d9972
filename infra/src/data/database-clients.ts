import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { createEgressGroup } from '../network/in-vpc.ts';
import type { AuroraDatabase } from './database.ts';

interface ClientGroupProps {
  vpc: IVpc;
  database: AuroraDatabase;
  description: string;
}

/** Creates the security groups of a program that calls AWS and the database: a new one for its egress, and the database's. */
export function createClientGroups(
  scope: Construct,
  id: string,
  { vpc, database, description }: ClientGroupProps,
): ISecurityGroup[] {
  const group = createEgressGroup(scope, id, { vpc, description });
  group.addEgressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.POSTGRES, 'The database');
  const { securityGroupId } = database.clients;
  // Immutable: the program's stack adds no rules to it.
  return [group, SecurityGroup.fromSecurityGroupId(scope, 'DatabaseClients', securityGroupId, { mutable: false })];
}
