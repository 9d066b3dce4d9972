/**
 * The URL with the password, which ECS and Lambda get from a secret: an address is none. The first of several URLs has what signs in to all.
 * It must name the user.
 */
export function withRedisPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url;
  const [first = '', ...others] = url.split(',');
  const signedIn = new URL(first);
  signedIn.password = encodeURIComponent(password);
  return [signedIn.href, ...others].join(',');
}
