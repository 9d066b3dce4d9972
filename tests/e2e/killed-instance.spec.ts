import { readStackEnv } from '@cruddur/config/env';
import { v7 } from 'uuid';
import { afterAll, it } from 'vitest';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { apiOf } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { createPair, message, openGroup, write } from './support/people.ts';
import { startSecondInstance } from './support/second-instance.ts';
import { sharedStack } from './support/shared-stack.ts';
import { expectLastBubbles } from './support/thread.ts';

const { env } = await sharedStack();
/** Between the instance that is killed and PostgreSQL, which carries live events. */
const postgres = await startCuttableProxy(readStackEnv(env).postgres.url);
afterAll(() => postgres.cut());
const [browser, dying] = await Promise.all([connectBrowser(), startSecondInstance({ DATABASE_URL: postgres.url })]);
const [ivy, jon] = await createPair(browser, ['Ivy Marsh', 'Jon Weir']);
await dying.serve(ivy.context);

it('what an instance stored but did not live to publish is on the other person’s open page within a minute', async () => {
  await ivy.page.reload();
  await message(ivy, 'Hello!').waitFor();
  const api = await apiOf(ivy, dying.network.url);
  const messageGroupUuid = openGroup(ivy);
  const first = await api.messages.create.mutate({ message: 'Before', clientMessageUuid: v7(), messageGroupUuid });
  for (const person of [ivy, jon]) await message(person, 'Before').waitFor();

  await postgres.cut();
  await write(ivy, 'My last words');
  await expectLastBubbles(ivy.page, ['message: Before', 'message: My last words']);
  await api.messages.edit.mutate({
    messageGroupUuid,
    messageUuid: first.uuid,
    createdAt: first.createdAt,
    message: 'Before, edited',
    revision: 0,
  });
  await Promise.all([dying.server.kill(), ivy.context.close()]);

  // A minute is the guarantee, and the patience of a page's locators.
  await Promise.all(['My last words', 'Before, edited'].map((text) => message(jon, text).waitFor()));
  await expectLastBubbles(jon.page, ['message: Hello!', 'message: Before, edited', 'message: My last words']);
});
