import { createMessage, createMessageToPerson } from '@cruddur/ddb';
import { v7 } from 'uuid';
import { callProcedure, type RepeatedCall } from '../calls.ts';
import { readAll, seedGroups, TEXT } from '../seed-groups.ts';
import type { BenchPerson, BenchStack } from '../stack.ts';

const PAGE = 20;

export type Request = Pick<RepeatedCall, 'method' | 'path' | 'headers' | 'body'>;

/** A call of ours, and the origin's that it replaces. */
export interface Compared {
  name: string;
  ours: Request;
  its: Request;
}

/** Seeds a thread, a person with 20 groups that are all read, and one with 20 unread ones. Returns calls that read or extend them. */
export async function seedCalls(stack: BenchStack): Promise<{ calls: Compared[]; checkUnread: () => Promise<void> }> {
  const { store, ana, ben, accessToken } = stack;
  const [reader, unreader] = [await stack.makePerson('reader'), await stack.makePerson('unreader')];
  await readAll(store, reader.person, await seedGroups(store, reader.person, PAGE));
  await seedGroups(store, unreader.person, PAGE);
  const draft = () => ({ uuid: v7(), sender: ana, text: TEXT });
  const { messageGroupUuid } = await createMessageToPerson(store, ben, draft());
  for (let i = 0; i < 60; i++) await createMessage(store, messageGroupUuid, draft());

  const writer = { person: ana, token: accessToken };
  const ourGroups = (person: BenchPerson) => get('/trpc/messageGroups.list', ourHeaders(person));
  const itsGroups = (person: BenchPerson) => get('/message_groups', itsHeaders(person));
  const input = encodeURIComponent(JSON.stringify({ messageGroupUuid, limit: PAGE }));
  const calls: Compared[] = [
    {
      name: 'messages, 20',
      ours: get(`/trpc/messages.list?input=${input}`, ourHeaders(writer)),
      its: get(`/messages/${messageGroupUuid}`, itsHeaders(writer)),
    },
    { name: 'groups, 20 rows, all read', ours: ourGroups(reader), its: itsGroups(reader) },
    { name: 'groups, 20 rows, all unread', ours: ourGroups(unreader), its: itsGroups(unreader) },
    {
      name: 'create, existing group, 400 characters',
      ours: post('/trpc/messages.create', ourHeaders(writer), () => ({
        message: TEXT,
        clientMessageUuid: v7(),
        messageGroupUuid,
      })),
      its: post('/messages', itsHeaders(writer), () => ({ message: TEXT, message_group_uuid: messageGroupUuid })),
    },
  ];
  const checkUnread = async () => {
    const counts = [await countUnread(stack, reader), await countUnread(stack, unreader)];
    if (counts.join() !== `0,${PAGE}`) throw new Error(`unread groups: ${counts.join()}`);
  };
  await checkUnread();
  return { calls, checkUnread };
}

const get = (path: string, headers: Record<string, string>): Request => ({ method: 'GET', path, headers });

const post = (path: string, headers: Record<string, string>, body: () => object): Request => ({
  method: 'POST',
  path,
  headers: { ...headers, 'content-type': 'application/json' },
  body: () => JSON.stringify(body()),
});

const ourHeaders = ({ token }: BenchPerson) => ({ authorization: `Bearer ${token}` });

const itsHeaders = ({ person: { uuid, handle, displayName } }: BenchPerson) => ({
  'x-user-uuid': uuid,
  'x-user-handle': handle,
  'x-user-display-name': displayName,
});

async function countUnread({ apiUrl: url }: BenchStack, { token }: BenchPerson): Promise<number> {
  const { items } = await callProcedure<{ items: { unreadCount: number }[] }>({ url, token }, 'messageGroups.list', {});
  return items.filter(({ unreadCount }) => unreadCount > 0).length;
}
