/** The Java installation that the environment names, if it does. */
export function readJavaHome(env: Record<string, string | undefined> = process.env): string | undefined {
  return env.JAVA_HOME || undefined;
}
