/**
 * Settings in braces: the metadata text of LVM (lvm.conf(5)), libconfig (its manual, "Configuration File Grammar"; SWUpdate's
 * sw-description) and JSON are dialects of one shape, `name = value`, `name { ... }`, lists in `[ ]` or `( )`. All three are read by
 * one parser, which takes what any of them allows. Includes of libconfig are not followed.
 */
import { ImageError } from '../errors.ts';
import type { Location } from '../location.ts';

/** Scalars stay text, quoted or not. */
export type Braced = string | readonly Braced[] | BracedGroup;
export type BracedGroup = ReadonlyMap<string, Braced>;

/** Groups and lists inside each other. */
const MAX_DEPTH = 32;

type Token = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'mark'; readonly mark: string };

type Frame =
  | { readonly group: Map<string, Braced>; name: string | undefined }
  | { readonly group: undefined; readonly list: Braced[] };

const opening = '{[(';
const closing: Readonly<Record<string, string>> = { '}': '{', ']': '[', ')': '(' };
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' };
const blank = /\s*/y;
/** Of a string, up to its end or an escape. */
const plain = /[^"\\]*/y;
const word = /[^\s{}[\]()=:;,"#]+/y;

/** The group that the whole text is; a JSON object is the group in its braces. ImageError `corrupt`, with the line. */
export function parseBraced(text: string, source: string): BracedGroup {
  const root = new Map<string, Braced>();
  const frames: { readonly frame: Frame; readonly mark: string }[] = [
    { frame: { group: root, name: undefined }, mark: '' },
  ];
  const tokens = new Tokens(text, source);
  for (let token = tokens.next(); token; token = tokens.next()) {
    const top = frames.at(-1);
    if (!top) break;
    const { frame } = top;
    if (token.kind === 'text') addText(frame, token.text, tokens);
    else if (opening.includes(token.mark)) {
      if (frames.length > MAX_DEPTH) throw tokens.error(`more than ${MAX_DEPTH} groups inside each other`);
      if (token.mark === '{') {
        // The braces around a whole JSON document add no level.
        const isDocument = frames.length === 1 && root.size === 0 && frame.group && frame.name === undefined;
        const group = isDocument ? root : new Map<string, Braced>();
        if (!isDocument) addValue(frame, group, tokens);
        frames.push({ frame: { group, name: undefined }, mark: '{' });
      } else {
        const list: Braced[] = [];
        addValue(frame, list, tokens);
        frames.push({ frame: { group: undefined, list }, mark: token.mark });
      }
    } else if (token.mark in closing) {
      if (top.mark !== closing[token.mark]) throw tokens.error(`"${token.mark}" closes nothing`);
      frames.pop();
    }
    // "=", ":", ";" and "," only separate: what stands between them is clear without.
  }
  if (frames.length > 1) throw tokens.error('a group is not closed');
  return root;
}

/** In a group a name and its value in turn. */
function addText(frame: Frame, text: string, tokens: Tokens): void {
  if (frame.group && frame.name === undefined) frame.name = text;
  else addValue(frame, text, tokens);
}

function addValue(frame: Frame, value: Braced, tokens: Tokens): void {
  if (!frame.group) {
    frame.list.push(value);
    return;
  }
  if (frame.name === undefined) throw tokens.error('a value has no name');
  frame.group.set(frame.name, value);
  frame.name = undefined;
}

class Tokens {
  readonly #text: string;
  readonly #source: string;
  #at = 0;

  constructor(text: string, source: string) {
    this.#text = text;
    this.#source = source;
  }

  next(): Token | undefined {
    this.#skip();
    const mark = this.#text[this.#at];
    if (mark === undefined || mark === '\0') return undefined;
    if (mark === '"') return { kind: 'text', text: this.#string() };
    word.lastIndex = this.#at;
    const found = word.exec(this.#text);
    if (!found) {
      this.#at += 1;
      return { kind: 'mark', mark };
    }
    this.#at = word.lastIndex;
    return { kind: 'text', text: found[0] };
  }

  error(what: string): ImageError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    const location: Location = { source: this.#source, line };
    return new ImageError('corrupt', 'text/bad-braces', `the text makes no sense in line ${line}: ${what}`, {
      location,
    });
  }

  /** Blanks and comments: `#`, `//` and the kind with an end. */
  #skip(): void {
    for (;;) {
      blank.lastIndex = this.#at;
      blank.exec(this.#text);
      this.#at = blank.lastIndex;
      const isLine = this.#text[this.#at] === '#' || this.#text.startsWith('//', this.#at);
      if (!isLine && !this.#text.startsWith('/*', this.#at)) return;
      const end = this.#text.indexOf(isLine ? '\n' : '*/', this.#at);
      this.#at = end < 0 ? this.#text.length : end + (isLine ? 1 : 2);
    }
  }

  /** libconfig joins strings that follow each other. */
  #string(): string {
    const parts: string[] = [];
    while (this.#text[this.#at] === '"') {
      this.#at += 1;
      for (;;) {
        plain.lastIndex = this.#at;
        parts.push(plain.exec(this.#text)?.[0] ?? '');
        this.#at = plain.lastIndex;
        const end = this.#text[this.#at++];
        if (end === '"') break;
        if (end === undefined) throw this.error('a string is not closed');
        const escaped = this.#text[this.#at++] ?? '';
        parts.push(escapes[escaped] ?? escaped);
      }
      this.#skip();
    }
    return parts.join('');
  }
}
