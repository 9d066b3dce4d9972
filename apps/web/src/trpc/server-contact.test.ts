import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServerContact } from './server-contact.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A contact of a page; the test is the browser that says whether there is a network. */
function setUp(isOnline = true) {
  const browser = { isOnline };
  const contact = new ServerContact(() => browser.isOnline);
  const told: string[] = [];
  contact.subscribe(() => void told.push(contact.state()));
  const setOnline = (next: boolean) => {
    browser.isOnline = next;
    contact.networkChanged();
  };
  return { contact, told, setOnline };
}

describe('ServerContact', () => {
  it('says after 8 seconds that a call gets no answer, until something is heard', () => {
    const { contact, told } = setUp();
    contact.callStarted();
    vi.advanceTimersByTime(7_999);
    expect(contact.state()).toBe('ok');
    vi.advanceTimersByTime(1);
    expect(contact.state()).toBe('unreachable');
    contact.heard();
    expect(told).toEqual(['unreachable', 'ok']);
  });

  it('counts the 8 seconds from what was heard last while a call waits, also with an open stream', () => {
    const { contact, told } = setUp();
    contact.streamChanged(true);
    contact.callStarted();
    vi.advanceTimersByTime(7_000);
    contact.heard();
    vi.advanceTimersByTime(7_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['unreachable']);
  });

  it('still says so if only one of two calls was dropped', () => {
    const { contact } = setUp();
    contact.callStarted();
    contact.callStarted()('dropped');
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('says so if nothing is heard after the network has changed', () => {
    const { contact, setOnline } = setUp();
    contact.heard();
    setOnline(true);
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('keeps saying so while calls are tried again and fail', () => {
    const { contact, told } = setUp();
    for (let tries = 0; tries < 5; tries++) {
      const ended = contact.callStarted();
      vi.advanceTimersByTime(15_000);
      ended('unanswered');
    }
    expect(told).toEqual(['unreachable']);
    contact.callStarted()('answered');
    expect(contact.state()).toBe('ok');
  });

  it('says so where the stream is lost and nothing else is heard', () => {
    const { contact } = setUp();
    contact.heard();
    contact.streamChanged(true);
    contact.streamChanged(false);
    vi.advanceTimersByTime(8_000);
    expect(contact.state()).toBe('unreachable');
  });

  it('says nothing about a call that failed while the stream is open, nor about one that nobody waits for', () => {
    const { contact, told } = setUp();
    contact.callStarted()('dropped');
    vi.advanceTimersByTime(8_000);
    contact.streamChanged(true);
    contact.callStarted()('unanswered');
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it('is offline when the browser says so, unless the server is heard nevertheless', () => {
    const { contact, told, setOnline } = setUp();
    contact.heard();
    setOnline(false);
    expect(contact.state()).toBe('offline');
    contact.heard();
    expect(contact.state()).toBe('ok');
    setOnline(true);
    setOnline(false);
    setOnline(true);
    expect(told).toEqual(['offline', 'ok', 'offline', 'ok']);
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

  it('is not offline for ever in a browser that says so from the start', () => {
    const { contact } = setUp(false);
    expect(contact.state()).toBe('offline');
    contact.callStarted()('answered');
    expect(contact.state()).toBe('ok');
  });
});
