// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDrafts } from '../outbox/drafts.ts';
import { OutboxContext } from '../outbox/outbox-context.ts';
import type { Target } from '../outbox/outbox-item.ts';
import { MeContext } from '../session/me-context.ts';
import { makeLocalStore, makeOutboxValue } from '../testing.ts';
import { ToastsProvider } from '../ui/toasts.tsx';
import { MessageActionsProvider } from './actions/message-actions-provider.tsx';
import { Composer, type ComposerKey, composerKey, sendsOnEnter } from './composer.tsx';

const GROUP: Target = { messageGroupUuid: 'group' };
const me = { uuid: 'andrew-uuid', handle: 'andrew', displayName: 'Andrew Brown' };
const person = { handle: 'bayko', displayName: 'Andrew Bayko' };

afterEach(cleanup);

/** A form whose outbox only records what is sent. */
function setUp(local = makeLocalStore().store) {
  const sent: string[] = [];
  const written: string[] = [];
  const value = makeOutboxValue(local);
  value.outbox.enqueue = (_target: Target, message: string) => void sent.push(message);
  const ref = createRef<HTMLTextAreaElement>();
  const draw = (target: Target) => (
    <MeContext value={me}>
      <OutboxContext value={value}>
        <ToastsProvider>
          <MessageActionsProvider field={ref} onFocusLost={() => undefined}>
            <Composer target={target} person={person} onWrite={(text) => void written.push(text)} field={ref} />
          </MessageActionsProvider>
        </ToastsProvider>
      </OutboxContext>
    </MeContext>
  );
  const { rerender } = render(draw(GROUP));
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message to Andrew Bayko' });
  return { sent, written, field, value, open: (target: Target) => rerender(draw(target)) };
}

/** Answers a media query about `any-pointer` as a browser with these pointers does. */
function isMatch(query: string, pointers: string[]): boolean {
  const [coarse, fine] = ['coarse', 'fine'].map((kind) => pointers.includes(kind));
  if (query === '(any-pointer: coarse) and (not (any-pointer: fine))') return coarse === true && fine === false;
  throw new Error(`Unexpected media query: ${query}`);
}

describe('Composer', () => {
  it('sends on Enter, and breaks the line on Shift and Enter', async () => {
    const { sent, field } = setUp();
    await userEvent.type(field, 'one{Shift>}{Enter}{/Shift}two{Enter}');
    expect(sent).toEqual(['one\ntwo']);
    expect(field.value).toBe('');
  });

  it('reports what is typed, but not that sending empties it', async () => {
    const { written, field } = setUp();
    await userEvent.type(field, 'ab{Enter}');
    expect(written).toEqual(['a', 'ab']);
  });

  it('leaves Enter to an input method, during the composition and, in Safari, right after it', async () => {
    const { sent, field } = setUp();
    await userEvent.type(field, 'かな');
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true, keyCode: 229 });
    fireEvent.keyDown(field, { key: 'Enter', isComposing: false, keyCode: 229 });
    expect(sent).toEqual([]);
    fireEvent.keyDown(field, { key: 'Enter', isComposing: false, keyCode: 13 });
    expect(sent).toEqual(['かな']);
  });

  it('sends nothing blank or too long, and shows how much too long', () => {
    const { sent, field } = setUp();
    const send = screen.getByRole<HTMLButtonElement>('button', { name: 'Send' });
    expect(send.disabled).toBe(true);
    for (const text of [' \n', '😀'.repeat(1025)]) {
      fireEvent.change(field, { target: { value: text } });
      expect(send.disabled).toBe(true);
      fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    }
    expect(sent).toEqual([]);
    expect(screen.getByText('1 character too many')).toBeTruthy();
    expect(field.getAttribute('aria-invalid')).toBe('true');
  });

  it('neither measures nor counts a pasted megabyte, and writes to storage once', () => {
    const { store: local } = makeLocalStore();
    const set = vi.spyOn(local, 'set');
    const { sent, field } = setUp(local);
    const measured = vi.spyOn(field, 'scrollHeight', 'get');
    const counted = vi.spyOn(String.prototype, Symbol.iterator);
    const pasted = '\u05d0'.repeat(1_000_000);
    for (const value of [pasted, `${pasted}a`, `${pasted}ab`]) fireEvent.change(field, { target: { value } });
    expect(counted.mock.contexts.filter((text) => String(text).length > 100_000)).toEqual([]);
    counted.mockRestore();
    expect(measured).not.toHaveBeenCalled();
    expect(set).toHaveBeenCalledTimes(1);
    expect([field.value.length, field.dir]).toEqual([1_000_002, 'rtl']);
    expect(screen.getByText('10,000+/1,024')).toBeTruthy();
    expect(screen.getByText('More than 8,976 characters too many')).toBeTruthy();
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(sent).toEqual([]);
  });

  it.each([
    [10_000, '10,000/1,024'],
    [10_001, '10,000+/1,024'],
  ])('counts %i characters as %s', (length, counter) => {
    const { field } = setUp();
    fireEvent.change(field, { target: { value: 'x'.repeat(length) } });
    expect(screen.getByText(counter)).toBeTruthy();
  });

  it.each([
    ['1) Hello \u05e9\u05dc\u05d5\u05dd', 'ltr'],
    ['1) \u0645\u0631\u062d\u0628\u0627 Hello', 'rtl'],
  ])('uses for %j the direction of its first letter: %s', (value, direction) => {
    const { field } = setUp();
    fireEvent.change(field, { target: { value } });
    expect(field.dir).toBe(direction);
  });

  it('has the direction of the page until there is a letter', () => {
    const { field } = setUp();
    fireEvent.change(field, { target: { value: '1) ' } });
    expect(field.hasAttribute('dir')).toBe(false);
  });

  it('sends a message without the spaces and blank lines at its end, and does not count them', () => {
    const { sent, field } = setUp();
    const text = `   ${'x'.repeat(1021)}`;
    fireEvent.change(field, { target: { value: `${text}  \n\n ` } });
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(sent).toEqual([text]);
  });

  it('follows and sends the draft of the other tab, and none that the other tab has sent', () => {
    const { store: local, changeInOtherTab } = makeLocalStore();
    const { sent, field } = setUp(local);
    const otherTab = createDrafts(local, 'andrew', Date.now);
    otherTab.set(GROUP, 'half a thought');
    act(() => changeInOtherTab('draft:andrew:group'));
    expect(field.value).toBe('half a thought');
    otherTab.set(GROUP, '');
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(sent).toEqual([]);
  });

  it.each([
    ['no pointer at all', [], true],
    ['a mouse', ['fine'], true],
    ['a mouse and a touch screen', ['fine', 'coarse'], true],
    ['a touch screen only', ['coarse'], false],
  ])('with %s, has the focus and sends on Enter: %s', (_, pointers: string[], hasKeyboard) => {
    vi.stubGlobal('matchMedia', (query: string) => ({ matches: isMatch(query, pointers) }));
    const { sent, field } = setUp();
    expect(document.activeElement === field).toBe(hasKeyboard);
    fireEvent.change(field, { target: { value: 'text' } });
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 13 });
    expect(sent).toEqual(hasKeyboard ? ['text'] : []);
    vi.unstubAllGlobals();
  });

  it('shows the counter near the limit only', () => {
    const { field } = setUp();
    fireEvent.change(field, { target: { value: 'x'.repeat(899) } });
    expect(screen.queryByText(/1,024/)).toBeNull();
    fireEvent.change(field, { target: { value: 'x'.repeat(900) } });
    expect(screen.getByText('900/1,024')).toBeTruthy();
  });

  it('keeps a draft per conversation across a reload', () => {
    const { store: local } = makeLocalStore();
    const { field, open } = setUp(local);
    fireEvent.change(field, { target: { value: 'half a thought' } });
    open({ handle: 'loren' });
    expect(field.value).toBe('');
    open(GROUP);
    expect(field.value).toBe('half a thought');
    cleanup();
    expect(setUp(local).field.value).toBe('half a thought');
  });

  it('keeps what is typed while the first message creates the group', () => {
    const { field, value, open } = setUp();
    open({ handle: 'loren' });
    fireEvent.change(field, { target: { value: 'typing' } });
    value.drafts.move({ handle: 'loren' }, { messageGroupUuid: 'new' });
    fireEvent.change(field, { target: { value: 'typing on' } });
    open({ messageGroupUuid: 'new' });
    expect(field.value).toBe('typing on');
  });
});

const press = (overrides: Partial<ComposerKey> = {}): ComposerKey => ({
  key: 'Enter',
  keyCode: 13,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  ...overrides,
});

describe('composerKey', () => {
  const empty = { text: '', hasKeyboard: true };

  it('submits on Enter, cancels on Escape, and edits the last message on ArrowUp in an empty field', () => {
    expect(composerKey(press(), empty)).toBe('submit');
    expect(composerKey(press({ key: 'Escape', keyCode: 27 }), empty)).toBe('cancel');
    expect(composerKey(press({ key: 'ArrowUp', keyCode: 38 }), empty)).toBe('edit_last');
    expect(composerKey(press({ key: 'a', keyCode: 65 }), empty)).toBeNull();
  });

  it('leaves ArrowUp to the caret where there is text, and with a modifier to the browser', () => {
    expect(composerKey(press({ key: 'ArrowUp', keyCode: 38 }), { ...empty, text: 'a' })).toBeNull();
    expect(composerKey(press({ key: 'ArrowUp', keyCode: 38, altKey: true }), empty)).toBeNull();
  });

  it('leaves Escape and ArrowUp to an input method', () => {
    for (const key of ['Escape', 'ArrowUp']) {
      expect(composerKey(press({ key, isComposing: true, keyCode: 229 }), empty)).toBeNull();
    }
  });
});

describe('sendsOnEnter', () => {
  it('sends on Enter, and on Ctrl or Cmd with it', () => {
    expect(sendsOnEnter(press(), true)).toBe(true);
    expect(sendsOnEnter(press({ ctrlKey: true }), true)).toBe(true);
    expect(sendsOnEnter(press({ metaKey: true }), true)).toBe(true);
  });

  it('breaks the line on Shift and Enter', () => {
    expect(sendsOnEnter(press({ shiftKey: true }), true)).toBe(false);
  });

  it('leaves Enter to an input method', () => {
    expect(sendsOnEnter(press({ isComposing: true, keyCode: 229 }), true)).toBe(false);
  });

  it('ignores the Enter that Safari reports after the composition has ended', () => {
    expect(sendsOnEnter(press({ isComposing: false, keyCode: 229 }), true)).toBe(false);
  });

  it('breaks the line on a phone’s Enter, where the button sends', () => {
    expect(sendsOnEnter(press(), false)).toBe(false);
    expect(sendsOnEnter(press({ ctrlKey: true }), false)).toBe(true);
  });

  it('ignores other keys', () => {
    expect(sendsOnEnter(press({ key: 'a', keyCode: 65 }), true)).toBe(false);
  });
});
