import { indexClears, indexMessages } from '@cruddur/db';
import {
  findMemberUuids,
  messageGroupUuidOf,
  readMarkerOwnerOf,
  scanItems,
  toSearchableClear,
  toSearchableMessage,
  withRecipient,
} from '@cruddur/ddb';
import type { Services } from '../src/context.ts';

/** Indexes all messages and clears that the table has now, as the stream's Lambda does. */
export async function indexTable({ store, db }: Pick<Services, 'store' | 'db'>): Promise<void> {
  for await (const page of scanItems(store)) {
    const messages = page.filter(({ pk }) => messageGroupUuidOf(String(pk)) !== undefined).map(toSearchableMessage);
    const groups = new Set(messages.map(({ messageGroupUuid }) => messageGroupUuid));
    const members = await findMemberUuids(store, [...groups]);
    const indexed = messages.map((each) => withRecipient(each, members.get(each.messageGroupUuid)));
    await indexMessages(db, indexed);
    const markers = page.filter(({ pk }) => readMarkerOwnerOf(String(pk)) !== undefined);
    await indexClears(
      db,
      markers.flatMap((marker) => toSearchableClear(marker) ?? []),
    );
  }
}
