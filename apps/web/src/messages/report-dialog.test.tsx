// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MeContext } from '../session/me-context.ts';
import { at, makeMessage } from '../testing.ts';
import { TestApi } from '../testing-api.tsx';
import type { Message } from '../trpc/types.ts';
import { ToastsContext } from '../ui/use-toasts.ts';
import { ReadReceiptContext } from '../unread/use-mark-read.ts';
import ReportDialog from './report-dialog.tsx';

const ME = { uuid: 'me', handle: 'andrewbrown', displayName: 'Andrew Brown' };
const nothing = () => undefined;
const GROUP = { uuid: 'group', handle: 'bayko', displayName: 'Andrew Bayko' };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

interface Options {
  message?: Message;
  /** The thread, newest page first. */
  pages?: Message[][];
}

/** The dialog on a fake network, and the reports that it has sent. */
function setUp({ message, pages = [[]] }: Options) {
  const reports: unknown[] = [];
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: string }) => {
    if (body !== undefined) {
      reports.push(...Object.values(JSON.parse(body) as object));
      return Response.json([{ result: { data: null } }]);
    }
    const inputs = JSON.parse(new URL(url, 'http://page').searchParams.get('input') ?? '{}');
    const page = Number(inputs['0'].cursor ?? 0);
    const nextCursor = page + 1 < pages.length ? String(page + 1) : null;
    return Response.json([{ result: { data: { items: pages[page], nextCursor } } }]);
  });
  render(
    <TestApi>
      <MeContext value={ME}>
        <ReadReceiptContext value={{ see: nothing, flush: nothing, flushGroup: async () => undefined, stop: nothing }}>
          <ToastsContext value={{ toasts: [], show: nothing, dismiss: nothing }}>
            <ReportDialog group={GROUP} message={message} onClose={nothing} />
          </ToastsContext>
        </ReadReceiptContext>
      </MeContext>
    </TestApi>,
  );
  return { reports };
}

const send = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send report' });

describe('ReportDialog', () => {
  it('sends a reason and a note, and says that they are sent', async () => {
    const { reports } = setUp({ message: makeMessage(3) });
    expect(send().disabled).toBe(true);
    await userEvent.click(screen.getByRole('radio', { name: 'Abuse or threats' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Note (optional)' }), 'since Monday');
    await userEvent.click(send());
    await screen.findByRole('heading', { name: 'Report sent' });
    const address = { messageGroupUuid: 'group', messageUuid: 'message-3', createdAt: at(3) };
    expect(reports).toEqual([{ ...address, reason: 'abuse', note: 'since Monday' }]);
  });

  it('finds the newest message of the other person that is not deleted, on an older page', async () => {
    const own = makeMessage(9, { userUuid: 'me' });
    const deleted = makeMessage(8, { deletedAt: at(8), message: '' });
    const { reports } = setUp({
      pages: [
        [deleted, own],
        [makeMessage(1), makeMessage(2)],
      ],
    });
    await userEvent.click(screen.getByRole('radio', { name: 'Spam or fraud' }));
    await userEvent.click(send());
    await screen.findByRole('heading', { name: 'Report sent' });
    expect(reports).toMatchObject([{ messageUuid: 'message-2', reason: 'spam', note: '' }]);
  });

  it('says so if there is no message to report', async () => {
    const { reports } = setUp({ pages: [[makeMessage(9, { userUuid: 'me' })]] });
    await userEvent.click(screen.getByRole('radio', { name: 'Something else' }));
    await userEvent.click(send());
    await screen.findByText('There is no message from Andrew Bayko to report.');
    expect(reports).toEqual([]);
  });

  it('does not send a note of more than 500 characters, and counts them', async () => {
    setUp({ message: makeMessage(3) });
    await userEvent.click(screen.getByRole('radio', { name: 'Something else' }));
    await userEvent.click(screen.getByRole('textbox', { name: 'Note (optional)' }));
    await userEvent.paste('😀'.repeat(501));
    screen.getByText('1 character too many');
    expect(send().disabled).toBe(true);
  });
});
