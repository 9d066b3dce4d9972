import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectBidi } from './bidi.ts';
import type { Driver } from './driver.ts';
import { createHome, startProgram } from './program.ts';

const PREFERENCES = {
  'remote.active-protocols': 1, // WebDriver BiDi only
  'intl.accept_languages': 'en-GB',
  'ui.prefersReducedMotion': 1,
  // Only this machine: what Firefox wants from the internet fails at once, at a port where nothing listens.
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
};

/** Starts Firefox without windows. */
export async function launchFirefox(): Promise<Driver> {
  const { home, env, remove } = await createHome();
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(path.join(home, 'user.js'), lines.join('\n'));
  const args = ['--headless', '--no-remote', '--profile', home, '--remote-debugging-port', '0', 'about:blank'];
  const program = startProgram('firefox-esr', args, env);
  const close = async () => {
    await program.stop();
    await remove();
  };
  try {
    const [, url] = await program.untilPrinted(/WebDriver BiDi listening on (ws:\S+)/);
    return { ...(await drive(`${url}/session`)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function drive(url: string): Promise<Omit<Driver, 'close'>> {
  const send = await connectBidi(url);
  await send('session.new', { capabilities: {} });
  const { contexts } = (await send('browsingContext.getTree', {})) as { contexts: [{ context: string }] };
  const { context } = contexts[0];
  // Focuses the window.
  await send('browsingContext.activate', { context });
  return {
    async navigate(address) {
      await send('browsingContext.navigate', { context, url: address, wait: 'complete' });
    },
    async call(source, argument) {
      const answer = (await send('script.callFunction', {
        functionDeclaration: source,
        arguments: [{ type: 'string', value: argument }],
        target: { context },
        awaitPromise: true,
      })) as { result: { value: string } } | { exceptionDetails: { text: string } };
      if ('exceptionDetails' in answer) throw new Error(answer.exceptionDetails.text);
      return answer.result.value;
    },
    async perform(actions) {
      await send('input.performActions', { context, actions });
    },
    async resize(width, height) {
      await send('browsingContext.setViewport', { context, viewport: { width, height } });
    },
    async screenshot() {
      const { data } = (await send('browsingContext.captureScreenshot', { context })) as { data: string };
      return Buffer.from(data, 'base64');
    },
  };
}
