import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { openStream } from '../../apps/server/tests/open-stream.ts';
import { type Acknowledged, expectIndexed, expectOnce } from '../support/acknowledged.ts';
import { draftTo, eventually, expectReceived, expectUnavailable, outcomeOf, sendTo } from './support/calls.ts';
import type { Caller, System } from './support/system.ts';

const ROUNDS_REFUSED = 5;
/** Limit of rounds, in case the servers never give up their connections. */
const MAX_ROUNDS_SILENT = 60;

/**
 * Known users are served while PostgreSQL is silent, until the servers have given up every connection to it, and while it
 * refuses connections. When it is back, every stream receives what it missed, and the search index has it.
 */
export async function postgresAway(system: System): Promise<void> {
  const [ana, ben] = (await system.signInKnown('ana', 'ben')) as [Caller, Caller];
  const eve = await system.signIn('eve');
  const first = await sendTo(ana.apis, { handle: 'ben' }, 'Hello');
  const { messageGroupUuid } = first.message;
  const streams = await Promise.all(system.servers.map(({ url }) => openStream(url, ben.accessToken)));
  const sent: Acknowledged[] = [first];

  // Each user uses another instance.
  const round = async (count: number) => {
    for (const [i, [author, text]] of [[ana, 'asks'] as const, [ben, 'answers'] as const].entries()) {
      const api = author.apis[i === 0 ? 0 : 1];
      const draft = draftTo({ messageGroupUuid }, `${text} ${count}`);
      const { answer: message } = await outcomeOf(() => draft.send(api));
      if (!message) throw new Error(`a known user could not write in round ${count}`);
      sent.push({ ...draft, message });
      // Streams of the same instance receive it without PostgreSQL.
      await eventually(() => expect(streams[i]?.texts()).toContain(draft.text));
      const thread = await outcomeOf(() => api.messages.list.query({ messageGroupUuid, limit: 100 }));
      expect(thread.answer?.items.at(-1)).toEqual(message);
      const { createdAt } = message;
      const others = await Promise.all([
        outcomeOf(() => api.messageGroups.list.query()),
        outcomeOf(() => api.messageGroups.markRead.mutate({ messageGroupUuid, createdAt })),
        outcomeOf(() => api.messageGroups.signalTyping.mutate({ messageGroupUuid })),
      ]);
      expect(others.map(({ refused }) => refused)).toEqual([undefined, undefined, undefined]);
      await expectUnavailable(
        () => eve.apis[i === 0 ? 0 : 1].users.me.query(),
        () => api.users.search.query({ query: 'an' }),
      );
    }
  };

  let areGivenUp = false;
  void system.postgres.closed().then(() => {
    areGivenUp = true;
  });
  system.postgres.freeze();
  let count = 0;
  while (!areGivenUp) {
    if (count === MAX_ROUNDS_SILENT) throw new Error(`the servers keep a silent connection after ${count} rounds`);
    await round(++count);
  }
  await system.postgres.cut();
  for (const last = count + ROUNDS_REFUSED; count < last; ) await round(++count);
  await system.postgres.restore();

  await Promise.all(streams.map((stream) => expectReceived(stream, sent)));
  for (const { url } of system.servers) {
    await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  }
  for (const api of eve.apis) await eventually(async () => expect((await api.users.me.query()).handle).toBe('eve'));
  // Messages cross instances immediately again.
  sent.push(await sendTo([ana.apis[0]], { messageGroupUuid }, 'All is well'));
  await Promise.all(streams.map((stream) => expectReceived(stream, sent)));
  await expectOnce(system.table, sent);
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
  await expectIndexed(system.postgres.url, sent);
  for (const stream of streams) stream.close();
}
