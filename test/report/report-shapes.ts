/** Reads each report format back, strictly, and reduces it to what no text of an image may change. */
import { parse } from 'yaml';
import { parseXml, type XmlElement } from './parse-xml.ts';

/** Throws if the report is not valid in its format. */
export function shapeOf(format: string, report: string): unknown {
  const shape = shapes[format];
  if (!shape) throw new Error(`no shape for ${format}`);
  return shape(report);
}

const shapes: Readonly<Record<string, (report: string) => unknown>> = {
  // Lines only: the first words of each are the tool's, the rest is one escaped line.
  text: (report) => report.split('\n').length,
  chain: (report) => report.split('\n').length,
  json: (report) => jsonShape(JSON.parse(report)),
  sarif: (report) => jsonShape(JSON.parse(report)),
  gitlab: (report) => jsonShape(JSON.parse(report)),
  junit: (report) => xmlShape(parseXml(report)),
  html: (report) => xmlShape(parseXml(report.replace('<!doctype html>', '<?xml version="1.0" encoding="UTF-8"?>'))),
  github: (report) => report.split('\n').map((line) => /^::(\w+) [^:]*::(?:[^%]|%25|%0A)*$/.exec(line)?.[1] ?? line),
  markdown: markdownShape,
  tap: tapShape,
};

function jsonShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonShape);
  if (value === null || typeof value !== 'object') return typeof value;
  return Object.entries(value).map(([key, part]) => [key, jsonShape(part)]);
}

function xmlShape({ name, attributes, children, text }: XmlElement): unknown {
  return [name, Object.keys(attributes), children.map(xmlShape), text.split('\n').length];
}

/** Markup outside of entities is the report's own; each line begins with it. */
function markdownShape(report: string): unknown {
  return report.split('\n').map((line) => {
    const bare = line.replace(/&#\d+;(?:<!-- -->)?/g, '');
    return {
      markup: bare.replace(/<!-- -->/g, '').match(/[`*_{}[\]#!|<>~@&$^\\]/g) ?? [],
      indent: /^ *(?=[-|#*])/.exec(line)?.[0].length,
      autolink: /https?:\/\/|www\.\w/i.test(line),
    };
  });
}

/** The plan and the points as a TAP 14 parser sees them. */
function tapShape(report: string): unknown {
  const [head, plan, ...lines] = report.trimEnd().split('\n');
  const points: unknown[] = [head, plan];
  let block: string[] | undefined;
  for (const line of lines) {
    const point = /^(not ok|ok) (\d+) - ((?:[^#\\]|\\.)*)(?:# (SKIP|TODO) (?:[^#\\]|\\.)*)?$/.exec(line);
    if (block === undefined && point) points.push([point[1], point[2], point[4]]);
    else if (block === undefined && line === '  ---') block = [];
    else if (block !== undefined && line === '  ...') {
      points.push(jsonShape(parse(block.join('\n'))));
      block = undefined;
    } else if (block !== undefined && line.startsWith('  ')) block.push(line.slice(2));
    else throw new Error(`no line of TAP: ${line}`);
  }
  if (block !== undefined) throw new Error('a block without end');
  return points;
}
