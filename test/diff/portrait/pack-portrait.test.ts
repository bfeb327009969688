/** A portrait handed over as text is the same portrait, and shares with the one beside it what both say. */
import { describe, expect, it } from 'vitest';
import { packPortrait, unpackPortrait } from '../../../src/diff/portrait/pack-portrait.ts';
import type { Portrait } from '../../../src/diff/portrait/portrait.ts';
import { compare, portraitOf, withConcern } from '../sample-portrait.ts';

/** As it would come out of an image of that name. */
function labelled(portrait: Portrait, image: string): Portrait {
  return { ...JSON.parse(JSON.stringify(portrait).replaceAll('"source":"image"', `"source":"${image}!p2"`)), image };
}

const unpack = (one: Portrait, other: Portrait): Portrait =>
  unpackPortrait(structuredClone(packPortrait(one)), other, packPortrait(other));

const said = {
  sysctl: { 'kernel.panic': '10', 'net.ipv4.ip_forward': '1' },
  users: { root: { uid: '0' }, 'odd "name"\n\udcff': { uid: '1', home: '"source":"b.wic!p2"' } },
  ports: { tcp: { open: '22|80', closed: '0-21|23-79|81-65535' } },
};
const a = labelled(portraitOf(said), 'a.wic');
const b = labelled(portraitOf({ ...said, sysctl: { ...said.sysctl, 'kernel.panic': '20' } }), 'b.wic');

describe('unpacking', () => {
  it('gives back what was packed, beside a portrait that says nothing', () => {
    expect(unpack(b, labelled(portraitOf({}), 'a.wic'))).toEqual(b);
  });

  it('takes from the other portrait what both say, whatever their images are called', () => {
    const { concerns } = unpack(b, a);
    expect(concerns.users?.records).toBe(a.concerns.users?.records);
    expect(concerns.sysctl?.records[1]).toBe(a.concerns.sysctl?.records[1]);
    expect(concerns.sysctl?.records[0]).toEqual(b.concerns.sysctl?.records[0]);
  });

  it('leaves a text as it is that looks like a place', () => {
    const other = labelled(portraitOf({ users: { x: { home: '"source":"a.wic!p2"' } } }), 'a.wic');
    const one = labelled(portraitOf({ users: { x: { home: '"source":"b.wic!p2"' } } }), 'b.wic');
    expect(unpack(one, other)).toEqual(one);
  });
});

describe('a comparison with what was unpacked', () => {
  it.each([
    ['with a difference', a, b],
    ['without any', a, labelled(portraitOf(said), 'b.wic')],
    ['with a gap', a, withConcern(b, 'users', { gaps: [{ message: 'unreadable', keys: ['root'] }] })],
    ['with a gap in what is the same', withConcern(a, 'sysctl', { gaps: [{ message: 'unreadable' }] }), a],
  ])('says what one with the portrait itself says, %s', (_, one, other) => {
    expect(compare(one, unpack(other, one))).toEqual(compare(one, other));
  });
});
