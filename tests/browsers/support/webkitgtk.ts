import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '@cruddur/local/free-port';
import { untilAnswered } from '../../support/until-answered.ts';
import type { Driver } from './driver.ts';
import { createHome, startProgram } from './program.ts';

/** Starts WebKitGTK's own small browser on a screen that exists only in memory. */
export async function launchWebKitGtk(): Promise<Driver> {
  const { env, remove } = await createHome();
  const settings = path.join(env.XDG_CONFIG_HOME, 'gtk-3.0', 'settings.ini');
  await mkdir(path.dirname(settings), { recursive: true });
  // The page's `prefers-reduced-motion`.
  await writeFile(settings, '[Settings]\ngtk-enable-animations=0\n');
  // The screen chooses a free number, and prints it to its fourth stream.
  const screen = startProgram('Xvfb', ['-displayfd', '3', '-screen', '0', '2000x1400x24', '-nolisten', 'tcp'], env);
  const programs = [screen];
  const close = async () => {
    for (const program of programs.reverse()) await program.stop();
    await remove();
  };
  try {
    const [, display] = await screen.untilPrinted(/^(\d+)\n/m);
    const port = await freePort();
    const args = [`--port=${port}`, '--host=127.0.0.1'];
    // It ends its browser when it ends.
    const program = startProgram('WebKitWebDriver', args, { ...env, DISPLAY: `:${display}` });
    programs.push(program);
    const url = `http://127.0.0.1:${port}`;
    await untilAnswered(`${url}/status`, program);
    return { ...(await drive(url)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function drive(url: string): Promise<Omit<Driver, 'close'>> {
  const { sessionId } = (await send('POST', `${url}/session`, { capabilities: {} })) as { sessionId: string };
  const session = `${url}/session/${sessionId}`;
  const call = (source: string, argument: string) =>
    send('POST', `${session}/execute/sync`, { script: `return (${source})(...arguments)`, args: [argument] });
  return {
    async navigate(address) {
      await send('POST', `${session}/url`, { url: address });
    },
    call: async (source, argument) => (await call(source, argument)) as string,
    async perform(actions) {
      await send('POST', `${session}/actions`, { actions });
      // Otherwise the wheel does not turn by the same amount twice.
      await send('DELETE', `${session}/actions`);
    },
    async resize(width, height) {
      // The window has a toolbar.
      await send('POST', `${session}/window/rect`, { width, height });
      const bar = height - Number(await call('() => String(innerHeight)', ''));
      await send('POST', `${session}/window/rect`, { width, height: height + bar });
    },
    screenshot: async () => Buffer.from((await send('GET', `${session}/screenshot`)) as string, 'base64'),
  };
}

/** @throws {Error} that names the command and the browser's reason */
async function send(method: string, command: string, body?: object): Promise<unknown> {
  const response = await fetch(command, { method, body: body === undefined ? null : JSON.stringify(body) });
  const { value } = (await response.json()) as { value: { error: string; message: string } };
  if (!response.ok) throw new Error(`${command}: ${value.error}: ${value.message}`);
  return value;
}
