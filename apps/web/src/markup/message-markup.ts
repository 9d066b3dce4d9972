import {
  charAfter,
  charBefore,
  isWord,
  type LinkFinder,
  type MessagePart,
  opens,
  splitMessage,
  WORD,
} from '@cruddur/config/message-parts';

/** A part of a message as it is drawn. `block` is a code block. */
export type MarkupPart = MessagePart | { kind: 'bold' | 'italic'; parts: MarkupPart[] };

const MARKERS: Record<string, 'bold' | 'italic' | undefined> = { '*': 'bold', '**': 'bold', _: 'italic' };
const MARKER = /\*+|_+|\n/g;

const NOT_AFTER_OPENING = /[\s\p{Pe}\p{Pf}.,;:!?]/u;
const NOT_BEFORE_CLOSING = /[\s\p{Ps}\p{Pi}]/u;

/**
 * Splits a message into the parts that are drawn: `*bold*` or `**bold**`, `_italic_`, `` `code` ``, code blocks between triple
 * backticks, and links. What is no markup by these rules stays as typed: a marker is at the edge of a word, on one line, and
 * holds a letter or digit. Code and links contain no markup. Takes linear time.
 */
export function parseMarkup(message: string, find: LinkFinder | undefined): MarkupPart[] {
  const builder = createBuilder();
  let previous = '';
  const parts = splitMessage(message, find);
  parts.forEach((part, index) => {
    const next = parts[index + 1];
    if (part.kind === 'text') addText(builder, part.text, previous, next === undefined ? '' : textOnLine(next));
    else builder.add(part);
    previous = textOnLine(part);
  });
  return builder.end();
}

/** A block is on separate lines. */
const textOnLine = (part: MessagePart) => (part.kind === 'block' ? '' : part.text);

type Builder = ReturnType<typeof createBuilder>;

/** Finds the markers of a text between two other parts. */
function addText(builder: Builder, text: string, textBefore: string, textAfter: string): void {
  let end = 0;
  for (const { 0: marker, index } of text.matchAll(MARKER)) {
    builder.addText(text.slice(end, index));
    end = index + marker.length;
    const before = charBefore(text, index) || charBefore(textBefore, textBefore.length);
    const after = charAfter(text, end) || charAfter(textAfter, 0);
    const isOpening = opens(before, marker) || builder.hasJustOpened();
    const isClosing = !NOT_BEFORE_CLOSING.test(before) && !isWord(after, marker);
    if (marker === '\n') builder.addLineBreak();
    else if (MARKERS[marker] === undefined) builder.addText(marker);
    else if (isClosing && builder.close(marker)) continue;
    else if (isOpening && after !== '' && !NOT_AFTER_OPENING.test(after)) builder.open(marker);
    else builder.addText(marker);
  }
  builder.addText(text.slice(end));
}

/** A marker that waits for its end, and what has followed it. The first frame has no marker. */
interface Frame {
  marker: string;
  parts: MarkupPart[];
  hasWord: boolean;
}

/** Builds the tree of parts. At most one frame is open per marker, so that none is moved more than three times. */
function createBuilder() {
  const root: Frame = { marker: '', parts: [], hasWord: false };
  const frames = [root];
  const top = () => frames.at(-1) ?? root;

  const addText = (text: string) => {
    if (text !== '') append(top(), { kind: 'text', text }, WORD.test(text));
  };
  /** Turns the last frame's marker back into text. */
  const giveUp = () => {
    const frame = frames.pop();
    if (frame === undefined) return;
    addText(frame.marker);
    for (const part of frame.parts) append(top(), part, frame.hasWord);
  };
  const giveUpFrom = (index: number) => {
    while (index !== -1 && frames.length > index) giveUp();
  };
  const indexOf = (marker: string) => frames.findIndex((frame) => frame.marker === marker);

  return {
    addText,
    add(part: MarkupPart) {
      if (part.kind === 'block') giveUpFrom(1);
      append(top(), part, true);
    },
    addLineBreak() {
      giveUpFrom(1);
      addText('\n');
    },
    hasJustOpened: () => frames.length > 1 && top().parts.length === 0,
    open(marker: string) {
      giveUpFrom(indexOf(marker));
      frames.push({ marker, parts: [], hasWord: false });
    },
    close(marker: string): boolean {
      const index = indexOf(marker);
      if (index === -1) return false;
      giveUpFrom(index + 1);
      const frame = top();
      if (!frame.hasWord) {
        giveUp();
        return false;
      }
      frames.pop();
      append(top(), { kind: MARKERS[marker] ?? 'bold', parts: frame.parts }, true);
      return true;
    },
    end(): MarkupPart[] {
      giveUpFrom(1);
      return root.parts;
    },
  };
}

function append(frame: Frame, part: MarkupPart, hasWord: boolean): void {
  const last = frame.parts.at(-1);
  frame.hasWord ||= hasWord;
  if (part.kind === 'text' && last?.kind === 'text') last.text += part.text;
  else frame.parts.push({ ...part });
}
