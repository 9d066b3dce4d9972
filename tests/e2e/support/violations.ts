import type { BrowserContext } from 'playwright-core';

/** What a Content-Security-Policy blocked: the directive, the blocked resource, and the script that tried it. */
export interface Violation {
  directive: string;
  blocked: string;
  sample: string;
  source: string;
}

/** Collects what the policy blocks in every page of a context, from now on. */
export async function watchViolations(context: BrowserContext): Promise<Violation[]> {
  const violations: Violation[] = [];
  await context.exposeBinding('reportViolation', (_source, violation: Violation) => void violations.push(violation));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective: directive, blockedURI: blocked, sample, sourceFile: source } = event;
      (window as unknown as { reportViolation(violation: Violation): void }).reportViolation({
        directive,
        blocked,
        sample,
        source,
      });
    });
  });
  context.on('console', (message) => {
    // A violation that no document can report, such as that of a blocked document.
    const text = message.text();
    if (message.type() !== 'error' || !/Content.Security.Policy|TrustedScript/i.test(text)) return;
    violations.push({ directive: 'console', blocked: '', sample: text, source: '' });
  });
  return violations;
}
