import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What Lambda needs to connect a function to a VPC; none of it supports resources. */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

export const vpcStatement = (): PolicyStatement =>
  new PolicyStatement({ actions: INTERFACE_ACTIONS, resources: ['*'] });

/** Creates the security group of a program in the private subnets: no one calls it, and it calls AWS. */
export function createEgressGroup(
  scope: Construct,
  id: string,
  { vpc, description }: { vpc: IVpc; description: string },
): SecurityGroup {
  const group = new SecurityGroup(scope, id, { vpc, description, allowAllOutbound: false });
  group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS');
  return group;
}
