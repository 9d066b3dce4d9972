/** The folder of the Java installation; without it, the `java` of the PATH runs. */
export function readJavaHome(): string | undefined {
  return process.env.JAVA_HOME || undefined;
}
