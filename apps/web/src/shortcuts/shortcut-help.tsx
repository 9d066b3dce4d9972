import { Switch } from 'radix-ui';
import { Fragment, useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { isMac, keyName, readSingleKeys, writeSingleKeys } from './shortcuts.ts';

const KEY =
  'inline-block min-w-7 rounded-md border border-edge bg-paper px-1.5 py-0.5 text-center font-sans text-sm font-medium';

/** Words, and each way to press the shortcut, key by key. */
type Shortcut = readonly [string, ...string[][]];

const SECTIONS: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      ['Next conversation', ['Alt', '↓']],
      ['Previous conversation', ['Alt', '↑']],
      ['New message', ['Ctrl', 'K']],
      ['Search people and messages', ['/']],
      ['Show shortcuts', ['?'], ['Ctrl', '/']],
    ],
  },
  {
    title: 'In the list',
    shortcuts: [['All actions', ['Shift', 'F10'], ['Alt', 'Enter']]],
  },
  {
    title: 'Writing',
    shortcuts: [
      ['Send, or save an edit', ['Enter']],
      ['New line', ['Shift', 'Enter']],
      ['Edit your last message, if the field is empty', ['↑']],
      ['Remove the quote, or stop editing', ['Esc']],
    ],
  },
  {
    title: 'Searching in a conversation',
    shortcuts: [
      ['Search in the conversation', ['Ctrl', 'Shift', 'F']],
      ['Older result', ['Enter'], ['↑']],
      ['Newer result', ['Shift', 'Enter'], ['↓']],
      ['Close, and go back to where you were', ['Esc']],
    ],
  },
  {
    title: 'In the thread',
    shortcuts: [
      ['Next or previous message', ['↓'], ['↑']],
      ['Reply', ['R']],
      ['React', ['+']],
      ['Edit', ['E']],
      ['Copy', ['C']],
      ['Copy link', ['L']],
      ['Delete', ['Delete'], ['Backspace']],
      ['All actions', ['Enter']],
      ['Go to the newest message', ['Esc']],
    ],
  },
];

export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="-m-1 min-h-0 overflow-y-auto p-1">
        {SECTIONS.map(({ title, shortcuts }) => (
          <section key={title} className="mb-4">
            <h3 className="text-sm font-semibold text-moss-strong">{title}</h3>
            <dl className="divide-y divide-line">
              {shortcuts.map(([words, ...ways]) => (
                <Row key={words} words={words} ways={ways} />
              ))}
            </dl>
          </section>
        ))}
        <SingleKeysSwitch />
      </div>
    </Dialog>
  );
}

function SingleKeysSwitch() {
  const [singleKeys, setSingleKeys] = useState(readSingleKeys);
  return (
    <div className="flex items-center justify-between gap-4">
      <label htmlFor="single-keys">Single-key shortcuts (such as ? and R)</label>
      <Switch.Root
        id="single-keys"
        checked={singleKeys}
        onCheckedChange={(on) => {
          setSingleKeys(on);
          writeSingleKeys(on);
        }}
        className="h-7 w-12 shrink-0 rounded-full border border-edge bg-paper p-0.5 data-[state=checked]:bg-moss"
      >
        <Switch.Thumb className="block size-5 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-5 rtl:data-[state=checked]:-translate-x-5 data-[state=checked]:bg-on-moss" />
      </Switch.Root>
    </div>
  );
}

function Row({ words, ways }: { words: string; ways: readonly string[][] }) {
  const onMac = isMac();
  return (
    <div className="flex items-center justify-between gap-4 py-2.5">
      <dt>{words}</dt>
      <dd className="flex shrink-0 items-center gap-2 text-muted">
        {ways.map((way, index) => (
          <Fragment key={way.join()}>
            {index > 0 ? <span>or</span> : null}
            <span className="flex gap-1">
              {way.map((key) => (
                <kbd key={key} className={KEY}>
                  {keyName(key, onMac)}
                </kbd>
              ))}
            </span>
          </Fragment>
        ))}
      </dd>
    </div>
  );
}
