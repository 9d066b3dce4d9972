import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerContact } from './server-contact.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A page's contact; the test sets whether the browser reports a network. */
function setUp(isOnline = true) {
  const browser = { isOnline };
  const contact = new ServerContact(() => browser.isOnline);
  const reported: string[] = [];
  contact.subscribe(() => void reported.push(contact.state()));
  const setOnline = (next: boolean) => {
    browser.isOnline = next;
    contact.networkChanged();
  };
  return { contact, reported, setOnline };
}

describe('ServerContact', () => {
  it('is unreachable after 8 seconds without an answer to a call, until something is heard', () => {
    const { contact, reported } = setUp();
    contact.callStarted();
    vi.advanceTimersByTime(7_999);
    expect(contact.state()).toBe('ok');
    vi.advanceTimersByTime(1);
    expect(contact.state()).toBe('unreachable');
    contact.heard();
    expect(reported).toEqual(['unreachable', 'ok']);
  });

  it('counts the 8 seconds from what was heard last while a call waits, also with an open stream', () => {
    const { contact, reported } = setUp();
    contact.streamChanged(true);
    contact.callStarted();
    vi.advanceTimersByTime(7_000);
    contact.heard();
    vi.advanceTimersByTime(7_999);
    expect(reported).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(reported).toEqual(['unreachable']);
  });

  it('is unreachable even if one of two calls was dropped', () => {
    const { contact } = setUp();
    contact.callStarted();
    contact.callStarted()('dropped');
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('is unreachable if nothing is heard after a network change', () => {
    const { contact, setOnline } = setUp();
    contact.heard();
    setOnline(true);
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('stays unreachable while retried calls fail', () => {
    const { contact, reported } = setUp();
    for (let tries = 0; tries < 5; tries++) {
      const ended = contact.callStarted();
      vi.advanceTimersByTime(15_000);
      ended('unanswered');
    }
    expect(reported).toEqual(['unreachable']);
    contact.callStarted()('answered');
    expect(contact.state()).toBe('ok');
  });

  it('is unreachable if the stream is lost and nothing else is heard', () => {
    const { contact } = setUp();
    contact.heard();
    contact.streamChanged(true);
    contact.streamChanged(false);
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('is not affected by a call that failed while the stream is open, or that no one waits for', () => {
    const { contact, reported } = setUp();
    contact.callStarted()('dropped');
    vi.advanceTimersByTime(8_000);
    contact.streamChanged(true);
    contact.callStarted()('unanswered');
    vi.advanceTimersByTime(60_000);
    expect(reported).toEqual([]);
  });

  it('is offline when the browser reports it, unless the server answers', () => {
    const { contact, reported, setOnline } = setUp();
    contact.heard();
    setOnline(false);
    expect(contact.state()).toBe('offline');
    contact.heard();
    expect(contact.state()).toBe('ok');
    setOnline(true);
    setOnline(false);
    setOnline(true);
    expect(reported).toEqual(['offline', 'ok', 'offline', 'ok']);
  });

  it('stays offline when an answer comes late to a call from before', () => {
    const { contact, setOnline } = setUp();
    const ended = contact.callStarted();
    setOnline(false);
    ended('answered');
    expect(contact.state()).toBe('offline');
  });

  it('is offline, not unreachable, when a browser that seemed wrong turns out to be right', () => {
    const { contact } = setUp(false);
    contact.heard();
    contact.callStarted();
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('offline');
  });

  it('is not offline for ever in a browser that reports it from the start', () => {
    const { contact } = setUp(false);
    expect(contact.state()).toBe('offline');
    contact.callStarted()('answered');
    expect(contact.state()).toBe('ok');
  });
});
