// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as texts from '../../i18n/t.ts';
import { MeContext } from '../../session/me-context.ts';
import { buildEmojiData } from './build-emoji-data.ts';
import type { EmojiData } from './emoji-data.ts';
import { createEmojiStore, EmojiStoreContext } from './emoji-store.ts';
import { useShortcodes } from './use-shortcodes.tsx';

const DATA = buildEmojiData('en');

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** The code of shortcodes waits for its texts until the returned function is called. */
function holdCode(): () => void {
  let arrive = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  vi.spyOn(texts, 'importTexts').mockReturnValue(arrival.then(() => ({ texts: {} })));
  return arrive;
}

function Field({ onSend }: { onSend: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const shortcodes = useShortcodes(field, text);
  return (
    <div>
      {shortcodes.suggestions}
      <textarea
        {...shortcodes.fieldProps}
        ref={field}
        aria-label="Message"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          shortcodes.onChange(event);
        }}
        onKeyDown={(event) => {
          if (shortcodes.onKeyDown(event) || event.key !== 'Enter') return;
          event.preventDefault();
          onSend();
        }}
      />
    </div>
  );
}

function setUp(fetchData: () => Promise<EmojiData> = () => Promise.resolve(DATA)) {
  const load = vi.fn<() => Promise<EmojiData>>(fetchData);
  const onSend = vi.fn<() => void>();
  render(
    <EmojiStoreContext value={createEmojiStore(load)}>
      <MeContext value={{ uuid: 'me', handle: 'mae', displayName: 'Mae' }}>
        <Field onSend={onSend} />
      </MeContext>
    </EmojiStoreContext>,
  );
  return { load, onSend, field: screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' }) };
}

const activeOption = (field: HTMLElement) =>
  document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;

describe('useShortcodes', () => {
  it('loads the data for the first shortcode, not before', async () => {
    const { load, field } = setUp();
    await userEvent.type(field, 'Meet at 10:30, see https://a.example :t');
    expect(load).not.toHaveBeenCalled();
    await userEvent.type(field, 'a');
    await expect.poll(() => load.mock.calls.length).toBe(1);
    await screen.findByRole('listbox', { name: 'Emoji suggestions' });
  });

  it('picks with the keyboard instead of sending', async () => {
    const { field, onSend } = setUp();
    await userEvent.type(field, 'Good :thum');
    await screen.findByRole('listbox');
    expect(activeOption(field)).toContain(':thumbsup:');
    await userEvent.keyboard('{ArrowDown}');
    expect(activeOption(field)).toContain(':thumbsdown:');
    expect(screen.getByRole('option', { selected: true }).textContent).toContain(':thumbsdown:');
    await userEvent.keyboard('{Enter}');
    expect(field.value).toBe('Good 👎');
    expect(screen.queryByRole('listbox')).toBe(null);
    expect(field.getAttribute('aria-activedescendant')).toBe(null);
    expect(onSend).not.toHaveBeenCalled();
    await userEvent.keyboard(' :thum{Tab}{Enter}');
    expect(field.value).toBe('Good 👎 👍');
    expect(onSend).toHaveBeenCalledTimes(1);
  });

  it('picks with a click, and keeps the focus and what follows the caret', async () => {
    const { field } = setUp();
    await userEvent.type(field, 'a  b');
    await userEvent.type(field, ':tad', { initialSelectionStart: 2, initialSelectionEnd: 2 });
    await userEvent.click(await screen.findByRole('option', { name: /:tada:/ }));
    expect(field.value).toBe('a 🎉 b');
    expect(field.selectionStart).toBe(4);
    expect(document.activeElement).toBe(field);
  });

  it('closes the suggestions with Escape until the next shortcode, and then Enter sends', async () => {
    const { field, onSend } = setUp();
    await userEvent.type(field, ':thum');
    await screen.findByRole('listbox');
    await userEvent.keyboard('{Escape}b');
    expect(screen.queryByRole('listbox')).toBe(null);
    await userEvent.keyboard('{Enter}');
    expect([field.value, onSend.mock.calls.length]).toEqual([':thumb', 1]);
    await userEvent.keyboard(' :thum');
    await screen.findByRole('listbox');
  });

  it('replaces a closed shortcode, and Backspace brings it back', async () => {
    const { field } = setUp();
    await userEvent.type(field, ':tada');
    await screen.findByRole('listbox');
    await userEvent.keyboard(':');
    expect(field.value).toBe('🎉');
    await userEvent.keyboard('{Backspace}');
    expect(field.value).toBe(':tada:');
    await userEvent.keyboard('{Backspace}');
    expect(field.value).toBe(':tada');
  });

  it('leaves what is no shortcode as it is', async () => {
    const { field } = setUp();
    await userEvent.type(field, ':tada');
    await screen.findByRole('listbox');
    await userEvent.clear(field);
    await userEvent.type(field, 'At 10:30:, `:tada:` and :nothing:');
    expect(field.value).toBe('At 10:30:, `:tada:` and :nothing:');
  });

  it('does not replace what was pasted', async () => {
    const { field } = setUp();
    await userEvent.type(field, ':tada');
    await screen.findByRole('listbox');
    await userEvent.clear(field);
    await userEvent.paste('Write :tada:');
    expect(field.value).toBe('Write :tada:');
  });

  it('replaces a shortcode that was complete before the data arrived', async () => {
    let arrive: ((data: EmojiData) => void) | undefined;
    const arrival = new Promise<EmojiData>((resolve) => {
      arrive = resolve;
    });
    const { field } = setUp(() => arrival);
    await userEvent.type(field, ':tada:');
    expect(field.value).toBe(':tada:');
    arrive?.(DATA);
    await expect.poll(() => field.value).toBe('🎉');
  });

  it('suggests what was typed before their code had loaded', async () => {
    const arrive = holdCode();
    const { field, onSend } = setUp();
    await userEvent.type(field, 'Well :tad');
    expect(screen.queryByRole('listbox')).toBe(null);
    arrive();
    await screen.findByRole('option', { name: /:tada:/, selected: true });
    await userEvent.keyboard('{Enter}');
    expect([field.value, onSend.mock.calls.length]).toEqual(['Well 🎉', 0]);
  });

  it('replaces a shortcode that was complete before their code had loaded', async () => {
    const arrive = holdCode();
    const { field } = setUp();
    await userEvent.type(field, 'Well :tada:');
    expect(field.value).toBe('Well :tada:');
    arrive();
    await expect.poll(() => field.value).toBe('Well 🎉');
  });

  it('ignores the keys of an input method', async () => {
    const { field } = setUp();
    await userEvent.type(field, ':thum');
    await screen.findByRole('listbox');
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    expect(field.value).toBe(':thum');
  });
});
