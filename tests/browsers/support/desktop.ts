import { createServer, type Socket } from 'node:net';
import { DbusReader, type DbusValue, formatDbusMessage, nextDbusMessage, type ReceivedDbusMessage } from './dbus.ts';

/** A notification as the desktop shows it. */
export interface DesktopNotification {
  title: string;
  body: string;
}

/** A desktop that shows the notifications of one browser. */
export interface Desktop {
  /** For the browser's `DBUS_SESSION_BUS_ADDRESS`. */
  busAddress: string;
  /** What is on the screen, the oldest first, as far as the browser knows. */
  shown(): DesktopNotification[];
  /**
   * Clicks the notification with this body.
   *
   * @throws {Error} if none is shown
   */
  click(body: string): void;
  close(): Promise<void>;
}

const SERVICE = 'org.freedesktop.Notifications';
const PATH = '/org/freedesktop/Notifications';
/** The connection that owns the service. */
const OWNER = ':1.0';
/** Chromium demands both. */
const CAPABILITIES = ['actions', 'body'];
/** The reason for a `NotificationClosed`. */
const CLOSED_BY_CALL = 3;
const PING = { type: 'call', path: '/', interface: 'org.freedesktop.DBus.Peer', member: 'Ping' } as const;

/** Signature and values, and what follows the answer. */
type Answer = [signature: string, values: DbusValue[], follow?: () => void];

/**
 * Starts what Chromium shows notifications with on Linux: a session bus with the desktop's notification service
 * (https://specifications.freedesktop.org/notification-spec/1.2/), and nothing else on it.
 *
 * @param socketPath - where the bus listens
 */
export async function startDesktop(socketPath: string): Promise<Desktop> {
  const notifications = new Map<number, DesktopNotification & { client: Socket }>();
  let last = 0;
  const signal = (client: Socket, member: string, signature: string, body: DbusValue[]) =>
    client.write(
      formatDbusMessage({ type: 'signal', sender: OWNER, path: PATH, interface: SERVICE, member, signature, body }),
    );
  const clients = new Map<Socket, (() => void)[]>();
  /**
   * Changes what is shown once the browser has read all that it was sent. Chromium would show a notification next to the one that
   * it replaces if that one's id had not arrived yet.
   */
  const showLater = (client: Socket, change: () => void) => {
    clients.get(client)?.push(change);
    client.write(formatDbusMessage({ ...PING, sender: OWNER }));
  };
  const close = (client: Socket, id: number) => {
    signal(client, 'NotificationClosed', 'uu', [id, CLOSED_BY_CALL]);
    showLater(client, () => notifications.delete(id));
  };
  /** Returns the answer's signature and values; `undefined` for a method that this bus does not have. */
  const answer = (client: Socket, { member, body }: ReceivedDbusMessage): Answer | undefined => {
    const reader = new DbusReader(body);
    switch (member) {
      case 'Hello':
        return ['s', [`:1.${++last}`]];
      case 'AddMatch':
      case 'RemoveMatch':
        return ['', []];
      case 'NameHasOwner':
        return ['b', [reader.string() === SERVICE ? 1 : 0]];
      case 'GetNameOwner':
        return reader.string() === SERVICE ? ['s', [OWNER]] : undefined;
      case 'ListActivatableNames':
        return ['as', [[SERVICE]]];
      case 'GetCapabilities':
        return ['as', [CAPABILITIES]];
      case 'GetServerInformation':
        return ['ssss', ['Tests', 'Cruddur', '1', '1.2']];
      case 'Notify': {
        reader.string(); // the app's name
        const id = reader.uint32() || ++last;
        reader.string(); // an icon
        const [title, text] = [reader.string(), reader.string()];
        // Chromium puts the page's address before the text.
        const notification = { title, body: text.replace(/^\S+\n\n/, ''), client };
        return ['u', [id], () => showLater(client, () => notifications.set(id, notification))];
      }
      case 'CloseNotification':
        return ['', [], () => close(client, reader.uint32())];
      default:
        return undefined;
    }
  };
  const server = createServer((client) => {
    clients.set(client, []);
    client.on('error', () => undefined).on('close', () => clients.delete(client));
    receive(client, (message) => {
      if (message.type === 'signal') return;
      // Pings are answered in order.
      if (message.type !== 'call') return clients.get(client)?.shift()?.();
      const [signature, body, follow] = answer(client, message) ?? [];
      const reply = { sender: OWNER, replySerial: message.serial };
      client.write(
        signature === undefined || body === undefined
          ? formatDbusMessage({ ...reply, type: 'error', errorName: 'org.freedesktop.DBus.Error.ServiceUnknown' })
          : formatDbusMessage({ ...reply, type: 'return', signature, body }),
      );
      follow?.();
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    busAddress: `unix:path=${socketPath}`,
    shown: () => [...notifications.values()].map(({ title, body }) => ({ title, body })),
    click(body) {
      const [id, found] = [...notifications].find(([, each]) => each.body === body) ?? [];
      if (id === undefined || !found) throw new Error(`no notification says “${body}”`);
      signal(found.client, 'ActionInvoked', 'us', [id, 'default']);
    },
    async close() {
      for (const client of clients.keys()) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Authenticates a client, then passes on its messages. */
function receive(client: Socket, onMessage: (message: ReceivedDbusMessage) => void): void {
  let received = Buffer.alloc(0);
  let isAuthenticated = false;
  const authenticate = () => {
    for (;;) {
      const end = received.indexOf('\r\n');
      if (isAuthenticated || end < 0) return;
      const line = received.subarray(0, end).toString('latin1').replace('\0', '');
      received = received.subarray(end + 2);
      if (line === 'BEGIN') isAuthenticated = true;
      else if (line.startsWith('AUTH EXTERNAL')) client.write('OK 00000000000000000000000000000000\r\n');
      else client.write(line.startsWith('AUTH') ? 'REJECTED EXTERNAL\r\n' : 'ERROR\r\n');
    }
  };
  client.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    authenticate();
    while (isAuthenticated) {
      const next = nextDbusMessage(received);
      if (!next) return;
      received = received.subarray(next.length);
      onMessage(next.message);
    }
  });
}
