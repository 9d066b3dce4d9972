import { describe, expect, it, vi } from 'vitest';
import { buildEmojiData } from './build-emoji-data.ts';
import { createEmojiStore } from './emoji-store.ts';

const data = buildEmojiData('en');

describe('createEmojiStore', () => {
  it('loads once, however many need it', async () => {
    const fetchData = vi.fn<() => Promise<typeof data>>().mockResolvedValue(data);
    const store = createEmojiStore(fetchData);
    store.load();
    store.load();
    expect(store.get().kind).toBe('loading');
    await expect.poll(() => store.get().kind).toBe('ready');
    store.load();
    expect(fetchData).toHaveBeenCalledTimes(1);
  });

  it('says that loading failed, and loads again when asked', async () => {
    const store = createEmojiStore(
      vi.fn<() => Promise<typeof data>>().mockRejectedValueOnce(new Error('no network')).mockResolvedValue(data),
    );
    store.load();
    await expect.poll(() => store.get().kind).toBe('failed');
    store.load();
    await expect.poll(() => store.get().kind).toBe('ready');
  });
});
