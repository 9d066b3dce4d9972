import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeMessage } from '../testing.ts';
import { createShownNotifications } from './browser-notifications.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('createShownNotifications', () => {
  function setUp() {
    const open = new Set<string>();
    vi.stubGlobal(
      'Notification',
      class {
        readonly body: string;
        constructor(_title: string, { body }: { body: string }) {
          this.body = body;
          open.add(body);
        }
        close() {
          open.delete(this.body);
        }
      },
    );
    const hides = { text: false };
    return {
      hides,
      open,
      shown: createShownNotifications({
        registration: async () => undefined,
        hidesText: () => hides.text,
        onClick: () => undefined,
      }),
    };
  }

  it('has one for each group', async () => {
    const { open, shown } = setUp();
    for (const minutes of [1, 2]) await shown.show(makeMessage(minutes));
    await shown.show(makeMessage(3, { messageGroupUuid: 'other' }));
    expect([...open]).toEqual(['text 2', 'text 3']);
    await shown.close('group');
    expect([...open]).toEqual(['text 3']);
    shown.closeOwn();
    expect([...open]).toEqual([]);
  });

  it('closes that of a deleted message, but not that of a newer one', async () => {
    const { open, shown } = setUp();
    await shown.show(makeMessage(2));
    await shown.close('group', 'message-1');
    expect([...open]).toEqual(['text 2']);
    await shown.close('group', 'message-2');
    expect([...open]).toEqual([]);
  });

  it('shows no text if this browser hides it', async () => {
    const { hides, open, shown } = setUp();
    hides.text = true;
    await shown.show(makeMessage(1));
    expect([...open]).toEqual(['New message']);
  });
});
