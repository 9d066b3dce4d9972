import { describe, expect, it, vi } from 'vitest';
import { makeLocalStore } from '../testing.ts';
import type { LocalStore } from '../ui/local-store.ts';
import { createNotificationChoices } from './notification-choice.ts';
import type { PushDevice } from './push-device.ts';

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

type Browser = Parameters<typeof createNotificationChoices>[0]['browser'];

/** The choices, and what they ask of this browser's device. */
function choicesOf(
  store: LocalStore,
  userId: string,
  browser: Browser,
  { kept = 'kept' as 'kept' | 'removed', isSubscribed = false } = {},
) {
  const asked: string[] = [];
  const device: PushDevice = {
    turnOn: async () => void asked.push('turnOn'),
    turnOff: async () => void asked.push('turnOff'),
    keep: async () => {
      asked.push('keep');
      return kept;
    },
    updateHidesText: async () => void asked.push('updateHidesText'),
  };
  const deps = { store, userId, browser, loadDevice: async () => device, receivesPushes: async () => isSubscribed };
  return { asked, device, choices: createNotificationChoices(deps) };
}

async function toggle(choices: ReturnType<typeof createNotificationChoices>) {
  const { choice, pushes } = await choices.toggle();
  await pushes;
  return choice;
}

describe('createNotificationChoices', () => {
  it('asks once, and stores the choice', async () => {
    const { store } = makeLocalStore();
    const browser = makeBrowser('granted');
    const choices = choicesOf(store, 'me', browser).choices;
    expect([choices.get(), browser.asked]).toEqual(['off', 0]);
    expect([await toggle(choices), browser.asked]).toEqual(['on', 1]);
    expect(choicesOf(store, 'me', browser).choices.get()).toBe('on');
    expect(await toggle(choices)).toBe('off');
    expect([await toggle(choices), browser.asked]).toEqual(['on', 1]);
  });

  it('belongs to one person', async () => {
    const { store } = makeLocalStore();
    const browser = makeBrowser('granted');
    await toggle(choicesOf(store, 'me', browser).choices);
    expect(choicesOf(store, 'you', browser).choices.get()).toBe('off');
  });

  it('is `blocked` if the browser blocks them, and does not ask again', async () => {
    const browser = makeBrowser('denied');
    const choices = choicesOf(makeLocalStore().store, 'me', browser).choices;
    expect(await toggle(choices)).toBe('blocked');
    expect([await toggle(choices), browser.asked]).toEqual(['blocked', 1]);
  });

  it('stays off if the question is left unanswered', async () => {
    const choices = choicesOf(makeLocalStore().store, 'me', makeBrowser('default')).choices;
    expect(await toggle(choices)).toBe('off');
  });

  it('is `unsupported` if the browser has no notifications', async () => {
    const choices = choicesOf(makeLocalStore().store, 'me', undefined).choices;
    expect([choices.get(), await toggle(choices)]).toEqual(['unsupported', 'unsupported']);
  });

  it('lets pushes to this browser follow the choice', async () => {
    const { store } = makeLocalStore();
    const { asked, choices } = choicesOf(store, 'me', makeBrowser('granted'));
    await choices.keep();
    expect(asked).toEqual([]);
    await toggle(choices);
    await choices.keep();
    await toggle(choices);
    await choices.keep();
    expect(asked).toEqual(['turnOn', 'keep', 'turnOff']);
  });

  it('ends pushes that are left of another person, or of a switch that failed', async () => {
    const { asked, choices } = choicesOf(makeLocalStore().store, 'you', makeBrowser('granted'), { isSubscribed: true });
    await choices.keep();
    expect(asked).toEqual(['turnOff']);
  });

  it('leaves no pushes if it is switched off, in another part of the page, while they are switched on', async () => {
    const { store } = makeLocalStore();
    const browser = makeBrowser('granted');
    const [{ asked, device, choices }, other] = [choicesOf(store, 'me', browser), choicesOf(store, 'me', browser)];
    other.device.turnOff = device.turnOff;
    let finish: (() => void) | undefined;
    device.turnOn = async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      asked.push('turnOn');
    };
    const on = await choices.toggle();
    await expect.poll(() => finish).toBeDefined();
    const off = await other.choices.toggle();
    finish?.();
    await Promise.all([on.pushes, off.pushes]);
    expect([asked, choices.get()]).toEqual([['turnOn', 'turnOff'], 'off']);
  });

  it('is off if this browser was removed on another device', async () => {
    const { store } = makeLocalStore();
    const { choices } = choicesOf(store, 'me', makeBrowser('granted'), { kept: 'removed' });
    await toggle(choices);
    await choices.keep();
    expect(choices.get()).toBe('off');
  });

  it('stays on where pushes fail: the page still notifies while it is open', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const choices = createNotificationChoices({
      store: makeLocalStore().store,
      userId: 'me',
      browser: makeBrowser('granted'),
      loadDevice: () => Promise.reject(new Error('no push service')),
      receivesPushes: async () => false,
    });
    expect(await toggle(choices)).toBe('on');
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  it('keeps whether texts are hidden, and tells the device', async () => {
    const { store } = makeLocalStore();
    const { asked, choices } = choicesOf(store, 'me', makeBrowser('granted'));
    expect(choices.hidesText()).toBe(false);
    await choices.setHidesText(true);
    expect([choicesOf(store, 'me', undefined).choices.hidesText(), asked]).toEqual([true, ['updateHidesText']]);
    expect(choicesOf(store, 'you', undefined).choices.hidesText()).toBe(false);
  });
});
