import { randomUUID } from 'node:crypto';
import { addMicros, membersItem, messageGroupRow, messageItem, micros, type Person } from '@cruddur/ddb';
import { describe, expect, it } from 'vitest';
import { batchPut } from '../../packages/ddb/src/table/batch.ts';
import { apiOf, createAccount } from './support/accounts.ts';
import { connectBrowser } from './support/browser.ts';
import { conversation, message, sendMessage, visitAs } from './support/people.ts';
import { withTable } from './support/table.ts';

/** More than a cursor remembers as just moved; each has one unread message. */
const NEWER = 110;

const browser = await connectBrowser();
const [account, old] = await Promise.all([createAccount('Mona Many'), createAccount('Olga Old')]);
// Only Mona has written, so no message has the other's name.
const oldGroup = await sendMessage(account, old.handle, 'Are you there?');
const { uuid: ownUuid } = await (await apiOf(account)).users.me.query();
await putNewerGroups({ uuid: ownUuid, handle: account.handle, displayName: account.displayName });
const mona = await visitAs(browser, account);

/**
 * Conversations that have all just moved: the person's rows, and the messages. Members come first: without them, the stream's Lambda
 * would try again for minutes, and other tests' messages would wait behind.
 */
async function putNewerGroups(owner: Person): Promise<void> {
  const now = micros(Date.now() * 1000);
  const items = Array.from({ length: NEWER }, (_, i) => {
    const other: Person = { uuid: randomUUID(), handle: `many${i}`, displayName: `Many ${i}` };
    const [uuid, at, text] = [randomUUID(), addMicros(now, i), `Greetings from ${i}`];
    return {
      members: membersItem(uuid, [owner, other]),
      message: messageItem(uuid, at, other, { uuid: randomUUID(), text }),
      row: messageGroupRow(owner.uuid, other, { uuid, at, message: text, senderUuid: other.uuid }),
    };
  });
  await withTable(async (table) => {
    await batchPut(
      table,
      items.map(({ members }) => members),
    );
    await batchPut(
      table,
      items.flatMap(({ message, row }) => [row, message]),
    );
  });
}

describe('a list of more than a hundred conversations that have all just moved', () => {
  it('counts all unread ones in the title before and after scrolling, and can be scrolled to its end', async () => {
    const { page } = mona;
    await page.goto('/messages');
    await conversation(mona, `Many ${NEWER - 1}`).waitFor();
    await expect.poll(() => page.title()).toBe('(99+) Messages · Cruddur');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    const rows = list.getByRole('link');
    await list.hover();
    const scrolled = async () => {
      await page.mouse.wheel(0, 2_000);
      return rows.count();
    };
    await expect.poll(scrolled).toBe(NEWER + 1);
    expect(new Set(await rows.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).size).toBe(
      NEWER + 1,
    );
    expect(await page.title()).toBe('(99+) Messages · Cruddur');
  });

  it('is not needed to open an old conversation, by the person’s handle or by its address in any case', async () => {
    const { page } = mona;
    const lists: string[] = [];
    // Otherwise the page that has read the whole list may read it again until it is left.
    await page.goto('about:blank');
    page.on('request', (request) => {
      if (request.url().includes('messageGroups.list')) lists.push(request.url());
    });
    for (const address of [`/messages/new/${old.handle.toUpperCase()}`, `/messages/${oldGroup.toUpperCase()}`]) {
      lists.length = 0;
      await page.goto(address);
      await page.waitForURL(`**/messages/${oldGroup}`);
      await page.getByRole('heading', { name: 'Olga Old' }).waitFor();
      await message(mona, 'Are you there?').waitFor();
      // The stream's catch-up may read the first page again, with the cursor null.
      expect(lists.filter((url) => url.includes('%22cursor%22%3A%22'))).toEqual([]);
    }
    await sendMessage(old, mona.handle, 'I am here.');
    await message(mona, 'I am here.').waitFor();
  });
});
