import { WebSocket } from 'undici';

/**
 * Sends a command and returns its result.
 *
 * @throws {Error} that names the command and the browser's reason, or if the browser has ended
 */
type Send = (method: string, params: object) => Promise<unknown>;

type Answer = { id: number } & (
  | { type: 'success'; result: unknown }
  | { type: 'error'; error: string; message: string }
);

/** Connects to a browser that understands WebDriver BiDi: numbered commands over a WebSocket. */
export async function connectBidi(url: string): Promise<Send> {
  // Not Node's own: Node 20 has none.
  const socket = new WebSocket(url);
  const waiting = new Map<number, (answer: Answer | undefined) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  socket.addEventListener('close', () => {
    for (const answer of waiting.values()) answer(undefined);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`${url} does not answer`)));
  });
  let last = 0;
  return async (method, params) => {
    const id = ++last;
    const answered = new Promise<Answer | undefined>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const answer = await answered;
    if (answer === undefined) throw new Error(`${method}: the browser has ended`);
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer.result;
  };
}
