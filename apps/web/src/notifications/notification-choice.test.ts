import { describe, expect, it } from 'vitest';
import { makeLocalStore } from '../testing.ts';
import { createNotificationChoices } from './notification-choice.ts';

/** A browser whose user gives this answer to the permission prompt. */
function makeBrowser(answer: NotificationPermission) {
  const browser = {
    permission: 'default' as NotificationPermission,
    asked: 0,
    async requestPermission() {
      if (browser.permission !== 'default') return browser.permission;
      browser.asked++;
      browser.permission = answer;
      return answer;
    },
  };
  return browser;
}

describe('createNotificationChoices', () => {
  it('asks once, and stores the choice', async () => {
    const { store } = makeLocalStore();
    const browser = makeBrowser('granted');
    const choices = createNotificationChoices(store, 'me', browser);
    expect([choices.get(), browser.asked]).toEqual(['off', 0]);
    expect([await choices.toggle(), browser.asked]).toEqual(['on', 1]);
    expect(createNotificationChoices(store, 'me', browser).get()).toBe('on');
    expect(await choices.toggle()).toBe('off');
    expect([await choices.toggle(), browser.asked]).toEqual(['on', 1]);
  });

  it('belongs to one person', async () => {
    const { store } = makeLocalStore();
    const browser = makeBrowser('granted');
    await createNotificationChoices(store, 'me', browser).toggle();
    expect(createNotificationChoices(store, 'you', browser).get()).toBe('off');
  });

  it('is `blocked` if the browser blocks them, and does not ask again', async () => {
    const browser = makeBrowser('denied');
    const choices = createNotificationChoices(makeLocalStore().store, 'me', browser);
    expect(await choices.toggle()).toBe('blocked');
    expect([await choices.toggle(), browser.asked]).toEqual(['blocked', 1]);
  });

  it('stays off if the question is left unanswered', async () => {
    const choices = createNotificationChoices(makeLocalStore().store, 'me', makeBrowser('default'));
    expect(await choices.toggle()).toBe('off');
  });

  it('is `unsupported` if the browser has no notifications', async () => {
    const choices = createNotificationChoices(makeLocalStore().store, 'me', undefined);
    expect([choices.get(), await choices.toggle()]).toEqual(['unsupported', 'unsupported']);
  });
});
