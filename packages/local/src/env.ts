/** The folder of the Java installation, if `JAVA_HOME` is set. */
export function readJavaHome(env: Record<string, string | undefined> = process.env): string | undefined {
  return env.JAVA_HOME || undefined;
}
