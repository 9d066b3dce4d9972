// @vitest-environment jsdom
import { cleanup, createEvent, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { Toasts, ToastsProvider } from '../ui/toasts.tsx';
import TypeAnywhere, { typesCharacter } from './type-anywhere.ts';

afterEach(cleanup);

function Page() {
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <>
      <button type="button">Search</button>
      <input aria-label="Filter" />
      <textarea ref={field} aria-label="Message" />
      <TypeAnywhere field={field} />
      <Toasts onFocusLost={() => undefined} />
    </>
  );
}

function setUp(layer?: string) {
  render(
    <ToastsProvider>
      <Page />
      {layer === undefined ? null : <div role={layer} />}
    </ToastsProvider>,
  );
  const button = screen.getByRole('button', { name: 'Search' });
  return {
    button,
    filter: screen.getByRole<HTMLInputElement>('textbox', { name: 'Filter' }),
    field: screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' }),
  };
}

const clipboard = (text: string, files: File[] = []) => ({
  clipboardData: { files, getData: (type: string) => (type === 'text/plain' ? text : '') },
});
const picture = new File(['x'], 'cat.png', { type: 'image/png' });

describe('TypeAnywhere', () => {
  it('takes what is typed while no field has the focus, with its first letter', async () => {
    const { button, field } = setUp();
    button.focus();
    await userEvent.keyboard('Hi there');
    expect(document.activeElement).toBe(field);
    expect(field.value).toBe('Hi there');
  });

  it('leaves keys to another field, to shortcuts and to what is open above the page', () => {
    const { button, filter } = setUp();
    filter.focus();
    fireEvent.keyDown(filter, { key: 'h' });
    expect(document.activeElement).toBe(filter);
    button.focus();
    for (const key of ['/', '?', ' ', 'Enter', 'ArrowDown']) fireEvent.keyDown(button, { key });
    expect(document.activeElement).toBe(button);
  });

  it.each(['dialog', 'menu', 'alertdialog'])('leaves keys to an open %s', (layer) => {
    const { button } = setUp(layer);
    button.focus();
    fireEvent.keyDown(button, { key: 'h' });
    expect(document.activeElement).toBe(button);
  });

  it('leaves a key to what has handled it', () => {
    const { button } = setUp();
    button.focus();
    const event = createEvent.keyDown(button, { key: 'r' });
    event.preventDefault();
    fireEvent(button, event);
    expect(document.activeElement).toBe(button);
  });

  it('takes text that is pasted while no field has the focus', () => {
    const { button, field } = setUp();
    fireEvent.paste(button, clipboard('two\nlines'));
    expect(field.value).toBe('two\nlines');
    expect(document.activeElement).toBe(field);
  });

  it('says that there is only text for now when a file is pasted or dropped', () => {
    const { field } = setUp();
    fireEvent.paste(field, clipboard('', [picture]));
    expect(screen.getByRole('status').textContent).toContain('Text only for now');
    cleanup();
    setUp();
    fireEvent.drop(document.body, { dataTransfer: { types: ['Files'] } });
    expect(screen.getByRole('status').textContent).toContain('Text only for now');
  });

  it('leaves text to the field in which it is pasted, also with a picture of it', () => {
    const { field, filter } = setUp();
    expect(fireEvent.paste(field, clipboard('a table', [picture]))).toBe(true);
    expect(fireEvent.paste(filter, clipboard('a word'))).toBe(true);
    expect(screen.getByRole('status').textContent).toBe('');
  });
});

describe('typesCharacter', () => {
  const press = (key: string, more: KeyboardEventInit = {}) =>
    new KeyboardEvent('keydown', { key, keyCode: 65, ...more });

  it.each([
    ['a letter', 'a', {}],
    ['a capital letter', 'A', { shiftKey: true }],
    ['an emoji', '😀', {}],
    [
      'a letter with AltGr, which Windows reports as Ctrl and Alt',
      '€',
      { ctrlKey: true, altKey: true, modifierAltGraph: true },
    ],
  ])('is true for %s', (_, key, more) => {
    expect(typesCharacter(press(key, more))).toBe(true);
  });

  it.each([
    ['a key with Ctrl', 'a', { ctrlKey: true }],
    ['a key with Alt', 'a', { altKey: true }],
    ['a key with Cmd', 'v', { metaKey: true }],
    ['a dead key', 'Dead', {}],
    ['a key of an input method', 'a', { isComposing: true }],
    ['the space bar', ' ', {}],
  ])('is false for %s', (_, key, more) => {
    expect(typesCharacter(press(key, more))).toBe(false);
  });
});
