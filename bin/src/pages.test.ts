import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { processIo } from './cli/run-command.ts';
import { OPERATOR_COMMANDS } from './operator-commands.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');

/** For people who operate a deployment. */
const RUNBOOKS = [
  'docs/deployment.md',
  'docs/first-deployment-fails.md',
  'docs/alarms.md',
  'docs/recovery.md',
  'docs/scale.md',
  'docs/cost.md',
];
const ROOT_PAGES = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const PAGES = [
  ...ROOT_PAGES,
  ...['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
  ),
];

/** Lines of shell blocks, without their comments, and what is in backticks elsewhere, also across two lines. */
function listCode(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```(?:sh|console)\n([\s\S]*?)^ *```/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n').map((line) => line.replace(/(^|\s)#.*/, '')));
  const spans = text.replaceAll(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`]+)`/g);
  return [...lines, ...[...spans].map(([, span = '']) => span.replaceAll(/\s*\n\s*/g, ' '))];
}

interface Call {
  /** Such as `ddb/verify`. */
  command: string;
  options: string[];
  line: string;
  /** Whether `bin/aws/run` runs it. */
  inTask: boolean;
}

/** Options after a command belong to it, until the next command, which `bin/aws/run` runs. */
function listCalls(text: string): Call[] {
  return listCode(text).flatMap((line) => {
    const found = [
      ...line.matchAll(
        /(?<![\w/])bin\/((?:aws|cognito|db|ddb|moderation|push|search)\/[\w/-]+)([^;&|]*?)(?=\bbin\/|[;&|]|$)/g,
      ),
    ];
    return found.map(([, command = '', rest = ''], at) => ({
      command,
      options: [...rest.matchAll(/(?<=\s)--[a-z][\w-]*/g)].map(([option]) => option),
      line: line.trim(),
      inTask: found[at - 1]?.[1] === 'aws/run',
    }));
  });
}

const calls = (pages: readonly string[]) =>
  pages.flatMap((page) => listCalls(read(page)).map((call) => ({ ...call, page })));

describe('the pages', () => {
  it('name only commands that exist, with options that they have', async () => {
    const wrong: string[] = [];
    const all = calls(PAGES);
    for (const { page, command, options, line } of all) {
      const file = `bin/src/${command.replaceAll('_', '-')}.ts`;
      if (!existsSync(path.join(ROOT, 'bin', command)) || !existsSync(path.join(ROOT, file))) {
        wrong.push(`${page}: there is no bin/${command}: ${line}`);
        continue;
      }
      const { createCommand } = await import(path.join(ROOT, file));
      const known = new Set(createCommand(processIo).options.map(({ long }: { long?: string }) => long));
      for (const option of options) {
        if (option !== '--help' && !known.has(option)) wrong.push(`${page}: ${command} has no ${option}: ${line}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(100);
  });

  it('run on AWS what needs the database where the database is', () => {
    const operators = new Set<string>(OPERATOR_COMMANDS);
    const onThisMachine = calls(RUNBOOKS).filter(
      ({ command, inTask, line }) => operators.has(command) && !inTask && /\bprod\b/.test(line),
    );
    expect(onThisMachine.map(({ page, line }) => `${page}: ${line}`)).toEqual([]);
  });

  it('link to files and headings that exist', () => {
    const anchors = (page: string) =>
      [...read(page).matchAll(/^#+ (.*)/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
      );
    const broken = PAGES.flatMap((page) =>
      [
        ...read(page)
          .replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
          .matchAll(/\]\(([^)\s]+)\)/g),
      ].flatMap(([, link = '']) => {
        if (/^[a-z]+:/.test(link)) return [];
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? page : path.join(path.dirname(page), file);
        if (!existsSync(path.join(ROOT, target))) return [`${page}: ${link}`];
        return anchor === undefined || anchors(target).includes(anchor) ? [] : [`${page}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });
});
