import { Switch } from 'radix-ui';
import { Fragment, useState } from 'react';
import { type TextKey, t } from '../i18n/t.ts';
import { Dialog } from '../ui/dialog.tsx';
import { isMac, keyName, readSingleKeys, writeSingleKeys } from './shortcuts.ts';

const KEY =
  'inline-block min-w-7 rounded-md border border-edge bg-paper px-1.5 py-0.5 text-center font-sans text-sm font-medium';

type Name<Start extends string> = TextKey extends infer Key
  ? Key extends `${Start}${infer Rest}`
    ? Rest
    : never
  : never;

/** Its text, and each way to press the shortcut, key by key. */
type Shortcut = readonly [Name<'app.shortcut.'>, ...string[][]];

const SECTIONS: readonly { title: Name<'app.shortcuts.'>; shortcuts: readonly Shortcut[] }[] = [
  {
    title: 'everywhere',
    shortcuts: [
      ['nextConversation', ['Alt', '↓']],
      ['previousConversation', ['Alt', '↑']],
      ['nextUnread', ['Alt', 'Shift', '↓']],
      ['previousUnread', ['Alt', 'Shift', '↑']],
      ['newMessage', ['Ctrl', 'K']],
      ['search', ['/']],
      ['help', ['?'], ['Ctrl', '/']],
    ],
  },
  {
    title: 'list',
    shortcuts: [
      ['walkRows', ['↓'], ['↑']],
      ['allActions', ['Shift', 'F10'], ['Alt', 'Enter']],
    ],
  },
  {
    title: 'writing',
    shortcuts: [
      ['send', ['Enter']],
      ['newLine', ['Shift', 'Enter']],
      ['editLast', ['↑']],
      ['leaveBar', ['Esc']],
    ],
  },
  {
    title: 'search',
    shortcuts: [
      ['searchThread', ['Ctrl', 'Shift', 'F']],
      ['olderResult', ['Enter'], ['↑']],
      ['newerResult', ['Shift', 'Enter'], ['↓']],
      ['closeSearch', ['Esc']],
    ],
  },
  {
    title: 'thread',
    shortcuts: [
      ['walk', ['↓'], ['↑']],
      ['reply', ['R']],
      ['react', ['+']],
      ['edit', ['E']],
      ['copy', ['C']],
      ['copyLink', ['L']],
      ['delete', ['Delete'], ['Backspace']],
      ['allActions', ['Enter']],
      ['newest', ['Esc']],
    ],
  },
];

export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('people.shortcuts')} onClose={onClose}>
      <div className="-m-1 min-h-0 overflow-y-auto p-1">
        {SECTIONS.map(({ title, shortcuts }) => (
          <section key={title} className="mb-4">
            <h3 className="text-sm font-semibold text-moss-strong">{t(`app.shortcuts.${title}`)}</h3>
            <dl className="divide-y divide-line">
              {shortcuts.map(([name, ...ways]) => (
                <Row key={name} words={t(`app.shortcut.${name}`)} ways={ways} />
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
      <label htmlFor="single-keys">{t('app.shortcuts.singleKeys')}</label>
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
            {index > 0 ? <span>{t('app.shortcuts.or')}</span> : null}
            <span dir="ltr" className="flex gap-1">
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
