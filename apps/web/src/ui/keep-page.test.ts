// @vitest-environment jsdom
import { createEvent, fireEvent } from '@testing-library/dom';
import { beforeAll, describe, expect, it } from 'vitest';
import { keepPageOnDrop } from './keep-page.ts';

beforeAll(keepPageOnDrop);

/** What the browser would do with a drop, and the cursor that it shows before. */
function drop(on: HTMLElement, types: string[]) {
  document.body.replaceChildren(on);
  const dataTransfer = { types, dropEffect: 'copy' };
  const over = createEvent.dragOver(on, { dataTransfer });
  fireEvent(on, over);
  const dropped = createEvent.drop(on, { dataTransfer });
  fireEvent(on, dropped);
  return { isPrevented: [over.defaultPrevented, dropped.defaultPrevented], dropEffect: dataTransfer.dropEffect };
}

describe('keepPageOnDrop', () => {
  const element = (name: string) => document.createElement(name);

  it('keeps the browser from opening files, also those that are dropped in a field', () => {
    expect(drop(element('div'), ['Files'])).toEqual({ isPrevented: [true, true], dropEffect: 'copy' });
    expect(drop(element('textarea'), ['Files'])).toEqual({ isPrevented: [true, true], dropEffect: 'copy' });
  });

  it('keeps the browser from following a link', () => {
    expect(drop(element('div'), ['text/uri-list', 'text/plain'])).toEqual({
      isPrevented: [true, true],
      dropEffect: 'none',
    });
  });

  it('leaves text to a field', () => {
    expect(drop(element('textarea'), ['text/plain'])).toEqual({ isPrevented: [false, false], dropEffect: 'copy' });
  });
});
