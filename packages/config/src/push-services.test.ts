import { describe, expect, it } from 'vitest';
import { isPushEndpoint, parsePushServices } from './push-services.ts';

describe('a push endpoint', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
    'https://web.push.apple.com/QGx',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d%3d',
  ])('may be of a browser’s service: %s', (endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(true);
  });

  it.each([
    ['another host', 'https://push.example/abc'],
    ['a host that ends alike', 'https://evilgoogleapis.com/abc'],
    ['a host that begins alike', 'https://fcm.googleapis.com.evil.example/abc'],
    ['the service in the path', 'https://evil.example/.googleapis.com'],
    ['the service in the fragment', 'https://evil.example/#.googleapis.com'],
    ['HTTP', 'http://fcm.googleapis.com/abc'],
    ['another scheme', 'file:///etc/passwd'],
    ['another port', 'https://fcm.googleapis.com:8443/abc'],
    ['credentials', 'https://user:secret@fcm.googleapis.com/abc'],
    ['a host in front of an @', 'https://fcm.googleapis.com@169.254.169.254/abc'],
    ['an address', 'https://169.254.169.254/latest/meta-data'],
    ['an address as a number', 'https://2852039166/latest'],
    ['an IPv6 address', 'https://[::1]/abc'],
    ['this machine', 'https://localhost/abc'],
    ['the bare domain', 'https://googleapis.com/abc'],
    ['another host of that domain', 'https://storage.googleapis.com/abc'],
    ['a host below the service', 'https://evil.fcm.googleapis.com/abc'],
    ['another spelling', 'https://FCM.googleapis.com/abc'],
    ['a trailing dot', 'https://fcm.googleapis.com./abc'],
    ['a line break', 'https://fcm.googleapis.com/a\nb'],
    ['no URL', 'fcm.googleapis.com'],
    ['too much', `https://fcm.googleapis.com/${'a'.repeat(1000)}`],
  ])('may not be %s', (_, endpoint) => {
    expect(isPushEndpoint(endpoint)).toBe(false);
  });

  it('may be of an origin that is named, with its port', () => {
    const origins = parsePushServices(' http://127.0.0.1:4000 ,http://127.0.0.1:4001');
    expect(isPushEndpoint('http://127.0.0.1:4001/push/1', origins)).toBe(true);
    expect(isPushEndpoint('http://127.0.0.1:4002/push/1', origins)).toBe(false);
    expect(isPushEndpoint('http://127.0.0.1:4001/push/1')).toBe(false);
    expect(parsePushServices()).toEqual([]);
  });
});
