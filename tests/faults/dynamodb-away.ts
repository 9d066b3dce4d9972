import { verifyTable } from '@cruddur/ddb';
import { expect } from 'vitest';
import { openStream } from '../../apps/server/tests/open-stream.ts';
import { expectOnce } from '../support/acknowledged.ts';
import { acknowledge, draftTo, eventually, expectReceived, expectUnavailable, sendTo } from './support/calls.ts';
import type { Caller, System } from './support/system.ts';

/** Everything that needs DynamoDB is refused in time, nothing is half-done, and a retry leaves each message once. */
export async function dynamodbAway(system: System): Promise<void> {
  const [cai, dora] = (await system.signInKnown('cai', 'dora', 'emil')) as [Caller, Caller];
  const first = await sendTo(cai.apis, { handle: 'dora' }, 'Hello');
  const { messageGroupUuid, createdAt } = first.message;
  const streams = await Promise.all(system.servers.map(({ url }) => openStream(url, dora.accessToken)));

  const refuseAll = async (when: string) => {
    const drafts = [
      draftTo({ messageGroupUuid }, `To a group, ${when}`),
      draftTo({ handle: 'dora' }, `To a known person, ${when}`),
      // Pair, members, rows and message: all or none.
      draftTo({ handle: 'emil' }, `To a new person, ${when}`),
    ];
    await expectUnavailable(
      ...drafts.map((draft) => () => draft.send(cai.apis[0])),
      () => cai.apis[1].messages.list.query({ messageGroupUuid }),
      () => cai.apis[1].messageGroups.list.query(),
      () => dora.apis[0].messageGroups.markRead.mutate({ messageGroupUuid, createdAt }),
    );
    await Promise.all(system.servers.map(({ url }) => expectNotReady(url)));
    return drafts;
  };

  // Streams read the table a second after they opened, and again later. These reads fail.
  system.dynamodb.freeze();
  const silent = await refuseAll('while it was silent');
  await system.dynamodb.cut();
  const refused = await refuseAll('while it refused');
  await system.dynamodb.restore();
  system.dynamodb.loseAnswers();
  // All of them were written, but no caller knows.
  const unheard = [draftTo({ messageGroupUuid }, 'Unheard'), draftTo({ handle: 'emil' }, 'Unheard by a new person')];
  await expectUnavailable(...unheard.map((draft) => () => draft.send(cai.apis[0])));
  await system.dynamodb.restore();

  const acknowledged = [first];
  for (const draft of [...silent, ...refused, ...unheard]) {
    acknowledged.push(await acknowledge(draft, [cai.apis[1], cai.apis[0]]));
  }
  const toDora = acknowledged.filter(({ message }) => message.messageGroupUuid === messageGroupUuid);
  await Promise.all(streams.map((stream) => expectReceived(stream, toDora)));
  await expectOnce(system.table, acknowledged);
  await eventually(async () => expect((await verifyTable(system.table)).breaches).toEqual([]));
  for (const { url } of system.servers) {
    await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200));
  }
  for (const stream of streams) stream.close();
}

async function expectNotReady(url: string): Promise<void> {
  const readyz = await fetch(`${url}/readyz`);
  expect(readyz.status).toBe(503);
  expect(await readyz.json()).toEqual({ status: 'unavailable', postgres: 'ok', dynamodb: 'unavailable' });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
}
