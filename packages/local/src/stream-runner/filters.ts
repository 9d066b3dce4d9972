import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { STREAMED_CHANGES } from '@cruddur/config';
import { messageGroupUuidOf, readMarkerOwnerOf } from '@cruddur/ddb';

// The filters of the event source mappings on AWS (infra/src/stream).

/** For group rows: messages, and read markers whose owner was notified, in case it is read now. */
export function passesRowFilters(record: _Record): boolean {
  const { eventName, dynamodb } = record;
  if (readMarkerOwnerOf(dynamodb?.Keys?.pk?.S ?? '') === undefined) return passesMessageFilters(record);
  return eventName === 'MODIFY' && dynamodb?.NewImage?.notified_through?.S !== undefined;
}

/** Only new, edited and deleted ones. */
function passesMessageFilters({ eventName, dynamodb }: _Record): boolean {
  if (messageGroupUuidOf(dynamodb?.Keys?.pk?.S ?? '') === undefined) return false;
  const change = dynamodb?.NewImage?.last_change?.S;
  return eventName === 'INSERT' || (eventName === 'MODIFY' && STREAMED_CHANGES.some((each) => each === change));
}

/** For the search index: messages, and read markers with what is cleared. */
export function passesIndexFilters(record: _Record): boolean {
  const { eventName, dynamodb } = record;
  if (readMarkerOwnerOf(dynamodb?.Keys?.pk?.S ?? '') === undefined) return passesMessageFilters(record);
  return eventName !== 'REMOVE' && dynamodb?.NewImage?.cleared_through?.S !== undefined;
}
