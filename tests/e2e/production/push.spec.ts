import { expect, it } from 'vitest';
import { firstAttemptId } from '../../support/first-attempt-id.ts';
import { subscribeAt } from '../../support/push-service.ts';
import { apiOf, createAccount } from '../support/accounts.ts';
import { sharedStack } from '../support/shared-stack.ts';

it('a message is pushed to a device, and its notification closed once it is read elsewhere', async () => {
  const { env } = await sharedStack();
  const [ana, ben] = [await createAccount('Ana Harbour'), await createAccount('Ben Lantern')];
  const [anasApi, bensApi] = [await apiOf(ana), await apiOf(ben)];
  const device = subscribeAt(env.PUSH_SERVICES ?? '');
  const { endpoint, keys } = device;
  await bensApi.devices.register.mutate({ endpoint, keys, name: 'Firefox on Linux', hidesText: false });
  const draft = { message: 'Are the lanterns packed?', clientMessageUuid: firstAttemptId(), handle: ben.handle };
  const { uuid: messageUuid, messageGroupUuid, createdAt } = await anasApi.messages.create.mutate(draft);
  await expect.poll(() => device.count()).toBe(1);
  const { publicKey } = await bensApi.devices.list.query();
  const shown = { kind: 'message', messageUuid, displayName: 'Ana Harbour', text: draft.message, unread: 1 };
  expect(await device.pushes()).toMatchObject([{ publicKey, payload: shown }]);
  await bensApi.messageGroups.markRead.mutate({ messageGroupUuid, createdAt });
  await expect.poll(() => device.count()).toBe(2);
  const closed = { kind: 'close', messageGroupUuid, through: createdAt };
  expect(await device.pushes()).toMatchObject([{}, { payload: closed, urgency: 'low' }]);
});
