import { clearLine, cursorTo } from 'node:readline';
import type { OutputStream } from './command.ts';
import { firstCharacters } from './text.ts';

/** The last line of a terminal, redrawn in place until it is hidden. */
interface StatusLine {
  /** Shows a text, or replaces the shown one. */
  show: (text: string) => void;
  /** Removes the line before other output; the next redraw shows it again. */
  erase: () => void;
  /** Removes the line and stops redrawing. */
  hide: () => void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 80;

/** Creates a status line with a spinner in front of its text. */
export function createStatusLine(terminal: OutputStream): StatusLine {
  let shown = '';
  let frame = 0;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  function erase(): void {
    if (!drawn) return;
    cursorTo(terminal, 0);
    clearLine(terminal, 1);
    drawn = false;
  }

  function draw(): void {
    erase();
    // A wrapped line could not be erased.
    const room = (terminal.columns || 80) - 3;
    terminal.write(`${FRAMES[frame++ % FRAMES.length]} ${firstCharacters(shown, room)}`);
    drawn = true;
  }

  return {
    erase,
    show(text) {
      shown = text;
      if (timer !== undefined) return;
      draw();
      timer = setInterval(draw, REDRAW_MS);
    },
    hide() {
      clearInterval(timer);
      timer = undefined;
      erase();
    },
  };
}
