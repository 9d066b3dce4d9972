import type { CompiledMessage } from '@lingui/message-utils/compileMessage';

interface Formats {
  numbers: Intl.NumberFormat;
  plurals: Intl.PluralRules;
}

/**
 * Puts values into a compiled message. It knows values, numbers and plurals without offsets: what the catalogue contains.
 *
 * @param count - what `#` stands for, in a branch of a plural
 */
export function formatMessage(
  message: CompiledMessage,
  values: Record<string, string | number>,
  formats: Formats,
  count = 0,
): string {
  const parts = message.map((token) => {
    if (token === '#') return formats.numbers.format(count);
    if (typeof token === 'string') return token;
    const [name, kind, branches] = token;
    const value = values[name] ?? '';
    if (kind === undefined) return value;
    const number = Number(value);
    if (kind === 'number') return formats.numbers.format(number);
    const { [formats.plurals.select(number)]: branch, other } = branches as Record<string, CompiledMessage>;
    return formatMessage(branch ?? other ?? [], values, formats, number);
  });
  return parts.join('');
}
