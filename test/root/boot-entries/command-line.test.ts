import { expect, it } from 'vitest';
import { findParameter, parseCommandLine } from '../../../src/root/boot-entries/command-line.ts';

it('splits as the kernel does', () => {
  expect(parseCommandLine(' quiet root=UUID=a-b\tdyndbg="file x +p" "sp aced"=1  a="" -- init arguments')).toEqual([
    { name: 'quiet' },
    { name: 'root', value: 'UUID=a-b' },
    { name: 'dyndbg', value: 'file x +p' },
    { name: 'sp aced', value: '1' },
    { name: 'a', value: '' },
  ]);
});

it('lets the last value count', () => {
  expect(findParameter('root=/dev/sda1 root=/dev/sda2', 'root')).toBe('/dev/sda2');
  expect(findParameter('rootwait', 'root')).toBeUndefined();
  expect(findParameter('', 'root')).toBeUndefined();
});
