/** The tags of an XML document, in order: enough for the flat files of firewalld. Text, entities and DTDs have no meaning there. */

export interface Element {
  readonly name: string;
  readonly kind: 'open' | 'close' | 'empty';
  readonly attributes: ReadonlyMap<string, string>;
  /** From 1. */
  readonly line: number;
}

export interface ElementProblem {
  readonly message: string;
  readonly line: number;
}

/** The elements, or why the text is no XML. */
export function scanElements(text: string): readonly Element[] | ElementProblem {
  const elements: Element[] = [];
  const open: string[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    for (; counted < at; counted++) if (text[counted] === '\n') line++;
    const special = specialEnd(text, at);
    if (special !== undefined) {
      if (special < 0) return { message: 'a comment or declaration does not end', line };
      at = special;
      continue;
    }
    const end = tagEnd(text, at);
    if (end < 0) return { message: 'a tag does not end', line };
    const element = parseTag(text.slice(at + 1, end), line);
    if (!element) return { message: 'a tag cannot be read', line };
    if (element.kind === 'open') open.push(element.name);
    else if (element.kind === 'close' && open.pop() !== element.name)
      return { message: `</${element.name}> closes what is not open`, line };
    elements.push(element);
    at = end + 1;
  }
  const [unclosed] = open;
  return unclosed === undefined ? elements : { message: `<${unclosed}> is not closed`, line };
}

/** Behind a comment or declaration; undefined if it is none, -1 if it does not end. */
function specialEnd(text: string, at: number): number | undefined {
  const [start, stop] = text.startsWith('<!--', at)
    ? ['<!--', '-->']
    : text.startsWith('<?', at)
      ? ['<?', '?>']
      : ['<!', '>'];
  if (!text.startsWith(start, at)) return undefined;
  const end = text.indexOf(stop, at + start.length);
  return end < 0 ? -1 : end + stop.length;
}

/** The `>` of a tag, past quoted values. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
    else if (character === '<') return -1;
  }
  return -1;
}

const attribute = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

function parseTag(tag: string, line: number): Element | undefined {
  const kind = tag.startsWith('/') ? 'close' : tag.endsWith('/') ? 'empty' : 'open';
  const body = tag.replace(/^\//, '').replace(/\/$/, '').trimEnd();
  const name = /^[A-Za-z_][\w.:-]*/.exec(body)?.[0];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  attribute.lastIndex = name.length;
  while (attribute.lastIndex < body.length) {
    const match = attribute.exec(body);
    if (!match) return undefined;
    attributes.set(match[1] as string, match[2] ?? match[3] ?? '');
  }
  return { name, kind, attributes, line };
}
