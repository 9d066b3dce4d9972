import { charAfter, charBefore, isWord, opens } from './word-edges.ts';

const FENCE = '```';
/** The label of a language, which only a fence on its own line has, as in Markdown. */
const FENCED = /^[\w+#.-]*\n([\s\S]*)\n$/;

/** `block` is a code block. */
export type CodePart = { kind: 'text' | 'code' | 'block'; text: string };

/** Splits a text into code and the text between it. A block is drawn on separate lines: the line breaks around it are dropped. */
export function splitCode(message: string): CodePart[] {
  const parts: CodePart[] = [];
  let end = 0;
  for (let start = message.indexOf(FENCE); start !== -1; start = message.indexOf(FENCE, end)) {
    const close = message.indexOf(FENCE, start + FENCE.length);
    if (close === -1) break;
    const inside = message.slice(start + FENCE.length, close);
    const after = close + FENCE.length;
    if (inside.trim() === '') {
      parts.push({ kind: 'text', text: message.slice(end, after) });
      end = after;
      continue;
    }
    parts.push(...splitInlineCode(message.slice(end, start).replace(/\n$/, '')));
    const ownLine = start === 0 || message[start - 1] === '\n';
    const code = ownLine ? (FENCED.exec(inside)?.[1] ?? inside) : inside;
    parts.push({ kind: 'block', text: code.replace(/^\n/, '').replace(/\n$/, '') });
    end = message[after] === '\n' ? after + 1 : after;
  }
  return [...parts, ...splitInlineCode(message.slice(end))];
}

function splitInlineCode(text: string): CodePart[] {
  const parts: CodePart[] = [];
  let end = 0;
  let open: number | undefined;
  for (const { 0: found, index } of text.matchAll(/`+|\n/g)) {
    if (found === '\n') open = undefined;
    if (found !== '`') continue;
    const isWordAfter = isWord(charAfter(text, index + 1), '`');
    if (open !== undefined && !isWordAfter && text.slice(open + 1, index).trim() !== '') {
      parts.push({ kind: 'text', text: text.slice(end, open) }, { kind: 'code', text: text.slice(open + 1, index) });
      end = index + 1;
      open = undefined;
    } else if (opens(charBefore(text, index), '`')) {
      open = index;
    }
  }
  parts.push({ kind: 'text', text: text.slice(end) });
  return parts.filter((part) => part.text !== '');
}
