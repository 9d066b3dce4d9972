import { formatTime, type Micros } from './time.ts';

/** The one global secondary index: `message_group_uuid` (HASH), `sk` (RANGE). Only message group rows are in it. */
export const MESSAGE_GROUP_INDEX = 'message-group-sk-index';

/** DynamoDB erases an item some time after this: seconds since 1970. Only resolved reports have it. */
export const EXPIRY_ATTRIBUTE = 'expires_at';

export interface Key {
  pk: string;
  sk: string;
}

const MESSAGE_PREFIX = 'MSG#';
const MESSAGE_GROUP_PREFIX = 'GRP#';
const READ_MARKER_PREFIX = 'READ#';
const VERSION_PREFIX = 'EDIT#';
const PAIR_PREFIX = 'PAIR#';
const BLOCK_PREFIX = 'BLOCK#';
const REQUEST_PREFIX = 'REQUEST#';
const DEVICE_PREFIX = 'DEVICE#';
const ENDPOINT_PREFIX = 'ENDPOINT#';

/** The sort key of {@link keys.pins}. */
export const PINS = '!PINNED';

/** Every key pattern of the table. The first two are contracts with the origin's table and scripts; the rest are ours. */
export const keys = {
  /** Partition of a group's messages; `sk` is the time of the message. */
  messages: (messageGroupUuid: string): string => `${MESSAGE_PREFIX}${messageGroupUuid}`,
  /** Partition of a person's group rows; `sk` is the time of the group's last message. */
  messageGroups: (userUuid: string): string => `${MESSAGE_GROUP_PREFIX}${userUuid}`,

  message: (messageGroupUuid: string, at: Micros): Key => ({ pk: keys.messages(messageGroupUuid), sk: formatTime(at) }),
  messageGroupRow: (userUuid: string, at: Micros): Key => ({ pk: keys.messageGroups(userUuid), sk: formatTime(at) }),
  members: (messageGroupUuid: string): Key => ({ pk: `GROUP#${messageGroupUuid}`, sk: 'MEMBERS' }),
  /** Which group two people have, in either order. */
  pair: (one: string, other: string): Key => ({ pk: `${PAIR_PREFIX}${[one, other].sort().join('#')}`, sk: 'GROUP' }),
  /** Whether two people can reach each other. Next to their pair item. */
  gate: (one: string, other: string): Key => ({ pk: keys.pair(one, other).pk, sk: 'GATE' }),
  /** Partition of the people that a person blocks; `sk` is the other person. */
  blocks: (userUuid: string): string => `${BLOCK_PREFIX}${userUuid}`,
  block: (userUuid: string, otherUuid: string): Key => ({ pk: keys.blocks(userUuid), sk: otherUuid }),
  /** Exists while a person may not send. */
  suspension: (userUuid: string): Key => ({ pk: `USER#${userUuid}`, sk: 'SUSPENDED' }),
  /** Partition of the requests that a person has not answered; `sk` is the time of the request, then the group. */
  requests: (userUuid: string): string => `${REQUEST_PREFIX}${userUuid}`,
  request: (userUuid: string, at: Micros, messageGroupUuid: string): Key => ({
    pk: keys.requests(userUuid),
    sk: `${formatTime(at)}#${messageGroupUuid}`,
  }),
  /** Exists once every group row of a person has its pair item. */
  paired: (userUuid: string): Key => ({ pk: `USER#${userUuid}`, sk: 'PAIRED' }),
  /** Which message a client's id became, for ids that do not show their age. */
  receipt: (clientMessageUuid: string): Key => ({ pk: `RECEIPT#${clientMessageUuid}`, sk: 'MESSAGE' }),
  /** Partition of a message's earlier versions; `sk` is the revision, two digits. */
  messageVersions: (messageGroupUuid: string, messageUuid: string): string =>
    `${VERSION_PREFIX}${messageGroupUuid}#${messageUuid}`,
  messageVersion: (messageGroupUuid: string, messageUuid: string, revision: number): Key => ({
    pk: keys.messageVersions(messageGroupUuid, messageUuid),
    sk: String(revision).padStart(2, '0'),
  }),
  /** Partition of a person's read markers; `sk` is the group. The item of pinned groups is the first. */
  readMarkers: (userUuid: string): string => `${READ_MARKER_PREFIX}${userUuid}`,
  readMarker: (userUuid: string, messageGroupUuid: string): Key => ({
    pk: keys.readMarkers(userUuid),
    sk: messageGroupUuid,
  }),
  /** A person's pinned groups. `!` sorts before every uuid. */
  pins: (userUuid: string): Key => ({ pk: keys.readMarkers(userUuid), sk: PINS }),
  /** Partition of the devices of a person that receive pushes; `sk` is the device. */
  devices: (userUuid: string): string => `${DEVICE_PREFIX}${userUuid}`,
  device: (userUuid: string, deviceUuid: string): Key => ({ pk: keys.devices(userUuid), sk: deviceUuid }),
  /** Whose a device is. Its uuid is a hash of its push endpoint. */
  endpoint: (deviceUuid: string): Key => ({ pk: `${ENDPOINT_PREFIX}${deviceUuid}`, sk: 'OWNER' }),
  /** A reported message, with what was said around it. */
  report: (reportId: string): Key => ({ pk: `REPORT#${reportId}`, sk: 'REPORT' }),
  /** Partition of the reports that are open or resolved; `sk` is the time of the report, then its id. */
  reports: (status: 'open' | 'resolved'): string => `REPORTS#${status}`,
  /** Partition of what moderators did; `sk` is the time, then an id. */
  moderation: (): string => 'MODERATION',
};

const afterPrefix = (pk: string, prefix: string) => (pk.startsWith(prefix) ? pk.slice(prefix.length) : undefined);

/** The group of a message item's `pk`, or `undefined` for an item of another type. */
export const messageGroupUuidOf = (pk: string): string | undefined => afterPrefix(pk, MESSAGE_PREFIX);

/** The owner of a group row's `pk`, or `undefined` for an item of another type. */
export const rowOwnerOf = (pk: string): string | undefined => afterPrefix(pk, MESSAGE_GROUP_PREFIX);

/** The owner of a read marker's `pk`, or `undefined` for an item of another type. */
export const readMarkerOwnerOf = (pk: string): string | undefined => afterPrefix(pk, READ_MARKER_PREFIX);

/** The two people of a pair's or gate's `pk`, or `undefined` for an item of another type. */
export function peopleOfPair(pk: string): [string, string] | undefined {
  const [one, other] = afterPrefix(pk, PAIR_PREFIX)?.split('#') ?? [];
  return one && other ? [one, other] : undefined;
}

/** Who blocks, of a block's `pk`, or `undefined` for an item of another type. */
export const blockerOf = (pk: string): string | undefined => afterPrefix(pk, BLOCK_PREFIX);

/** The recipient of a request's `pk`, or `undefined` for an item of another type. */
export const requestRecipientOf = (pk: string): string | undefined => afterPrefix(pk, REQUEST_PREFIX);

/** The owner of a device's `pk`, or `undefined` for an item of another type. */
export const deviceOwnerOf = (pk: string): string | undefined => afterPrefix(pk, DEVICE_PREFIX);

/** The device of an endpoint's `pk`, or `undefined` for an item of another type. */
export const deviceOfEndpoint = (pk: string): string | undefined => afterPrefix(pk, ENDPOINT_PREFIX);

/** Group and message of an earlier version's `pk`, or `undefined` for an item of another type. */
export function messageOfVersion(pk: string): { messageGroupUuid: string; messageUuid: string } | undefined {
  const [messageGroupUuid, messageUuid] = afterPrefix(pk, VERSION_PREFIX)?.split('#') ?? [];
  return messageGroupUuid && messageUuid ? { messageGroupUuid, messageUuid } : undefined;
}
