import slotOfKey from 'cluster-key-slot';

// Each person has a channel. Channels are joined to partitions, which never change and are each in one slot of a cluster:
// a partition is lost, subscribed to again and announced as a gap as a whole.

/** Each of up to 8 equal nodes owns its share within 7 %, each of 16 within 12 %. */
export const PARTITIONS = 512;

/** The part in braces decides the slot. */
const prefixOf = (partition: number) => `cruddur:{${partition}}`;

/** The channel of the gaps of a partition, to which every server instance subscribes. */
export const gapChannelOf = (partition: number): string => prefixOf(partition);

/** The channel of a person's events. */
export const channelOf = (userUuid: string): string => `${prefixOf(partitionOf(userUuid))}:${userUuid}`;

/** The cluster's slot of all channels of a partition. */
export const slotOf = (partition: number): number => slotOfKey(prefixOf(partition));

export const partitionOf = (userUuid: string): number => slotOfKey(userUuid) % PARTITIONS;

/** What a channel carries: the events of a person, or a partition's gaps. */
export interface Channel {
  partition: number;
  userUuid: string | undefined;
}

export function parseChannel(channel: string): Channel | undefined {
  const [, partition, userUuid] = /^cruddur:\{(\d+)\}(?::(.*))?$/.exec(channel) ?? [];
  return partition === undefined ? undefined : { partition: Number(partition), userUuid };
}
