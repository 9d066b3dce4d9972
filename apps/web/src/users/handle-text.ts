/** A handle as people write it, without the spaces around it and the `@` in front. */
export const withoutAt = (text: string): string => text.trim().replace(/^@/, '');
