/** Colours of the report for people, as ANSI attributes. */
import type { Label } from './text-entries.ts';

export const styles: Readonly<Record<Label | 'dim' | 'bold' | 'good', string>> = {
  FAIL: '1;31',
  WARN: '33',
  INFO: '36',
  UNKNOWN: '35',
  WAIVED: '2',
  NOTE: '36',
  SKIP: '2',
  PASS: '32',
  DAMAGE: '1;35',
  dim: '2',
  bold: '1',
  good: '32',
};

export type Paint = (style: keyof typeof styles, text: string) => string;
