import {
  DescribeAvailabilityZonesCommand,
  DescribeManagedPrefixListsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { ZONES_WITHOUT_VPC_ORIGINS } from '@cruddur/config';
import { failed, refused } from '../../cli/errors.ts';

/**
 * Checks the setting `zoneIds` against the zones that this account has. A zone's name means another zone in each account.
 *
 * @throws {CommandError} with a proposal if it is missing, or names zones that cannot be used
 */
export async function checkZones(ec2: EC2Client, zoneIds: unknown): Promise<void> {
  const { AvailabilityZones = [] } = await ec2.send(
    new DescribeAvailabilityZonesCommand({ Filters: [{ Name: 'zone-type', Values: ['availability-zone'] }] }),
  );
  const usable = AvailabilityZones.flatMap(({ ZoneId, State }) =>
    ZoneId && State === 'available' && !ZONES_WITHOUT_VPC_ORIGINS.includes(ZoneId) ? [ZoneId] : [],
  ).sort();
  if (usable.length < 2)
    throw refused(`This region has ${usable.length} zones with VPC origins of CloudFront; two are needed.`);
  const proposal = `Put "zoneIds": "${usable.slice(0, 3).join(',')}" into "context" of infra/cdk.json and commit it: zones cannot be changed later.`;
  if (typeof zoneIds !== 'string' || zoneIds === '') throw refused(proposal);
  const wrong = zoneIds.split(',').filter((id) => !usable.includes(id.trim()));
  if (wrong.length > 0) throw refused(`This account cannot use the zones ${wrong.join(', ')}. ${proposal}`);
}

/** Finds the id of the region's list of CloudFront's addresses. */
export async function findPrefixList(ec2: EC2Client): Promise<string> {
  const Filters = [{ Name: 'prefix-list-name', Values: ['com.amazonaws.global.cloudfront.origin-facing'] }];
  const { PrefixLists = [] } = await ec2.send(new DescribeManagedPrefixListsCommand({ Filters }));
  if (!PrefixLists[0]?.PrefixListId) throw failed('This region has no list of the addresses of CloudFront.');
  return PrefixLists[0].PrefixListId;
}
