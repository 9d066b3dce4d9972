/** A source of input with its actions, as WebDriver defines them: the same in both of its protocols. */
export type InputSource =
  | { type: 'key'; id: string; actions: { type: 'keyDown' | 'keyUp'; value: string }[] }
  | {
      type: 'pointer';
      id: string;
      actions: (({ type: 'pointerMove' } & PagePoint) | { type: 'pointerDown' | 'pointerUp'; button: 0 })[];
    }
  | { type: 'wheel'; id: string; actions: ({ type: 'scroll'; deltaX: number; deltaY: number } & PagePoint)[] };

/** A place in the window, in CSS pixels. */
export interface PagePoint {
  x: number;
  y: number;
}

/** A browser window with a separate profile: the few commands for which each browser has another protocol. */
export interface Driver {
  /** Resolves when the document and what it loads at first are loaded. */
  navigate(url: string): Promise<void>;
  /** Calls a function of the page, given as source, with a string. It returns a string or a promise of one. */
  call(source: string, argument: string): Promise<string>;
  /** Resolves when the page has received the input. */
  perform(sources: InputSource[]): Promise<void>;
  /** Resizes the page, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  /** @returns a PNG */
  screenshot(): Promise<Buffer>;
  /** Ends the browser's processes and removes its profile. */
  close(): Promise<void>;
}
