/** A tree with every way libraries are found, against what glibc's and musl's own linkers loaded in it (test/fixtures/libraries/make.sh). */
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { type LibrariesFact, librariesKey } from '../../../src/facts/libraries/libraries-fact.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { factsOf, fixtureFacts, fixtureFile, recordedPrograms } from './fixtures.ts';

describe('what a program loads', () => {
  it.each(Object.entries(recordedPrograms))('%s', (path, { libraries, missing, errors, libraryPath }) => {
    const { value, gaps } = fixtureFacts().get('libraries', librariesKey(path, libraryPath));
    expect(gaps).toEqual([]);
    expect(value.programs.map((program) => program.path)).toEqual([path]);
    const [{ needs = [], problems = [] } = {}] = value.programs;
    // The linkers list a file once, by the name that brought it, and a path that was asked for as such not at all.
    const listed = Object.fromEntries(
      needs.filter(({ name }) => name in libraries).map((need) => [need.name, need.path]),
    );
    const hasStopped = missing.length > 0 || errors.length > 0;
    if (!hasStopped) expect(listed).toEqual(libraries);
    const lost = problems.filter(({ kind }) => kind === 'missing').map(({ subject }) => subject);
    expect(lost.map((name) => name.replace('$ORIGIN', '/bin'))).toEqual(missing);
    const fatal = errors.filter((line) => !line.includes('no version information'));
    const said = problems.filter(({ kind }) => kind === 'not-loadable' || kind === 'missing-version');
    expect(said).toHaveLength(fatal.length);
    for (const [index, { found, subject }] of said.entries()) {
      expect(fatal[index]).toContain(found?.path);
      expect(fatal[index]).toMatch(subject.startsWith('lib') ? /invalid ELF|too short|encoding|cannot read/ : subject);
    }
  });

  it('says how each library was found', () => {
    const needs = (path: string, libraryPath?: string) =>
      fixtureFacts()
        .get('libraries', librariesKey(path, libraryPath))
        .value.programs.flatMap((program) =>
          program.needs.map(({ name, found, processor }) => [name, found, processor]),
        );
    expect(needs('/bin/rpath')).toEqual([
      ['liba.so.1', 'rpath', undefined],
      ['libb.so.1', 'rpath', undefined],
    ]);
    expect(needs('/bin/runpath-both')).toEqual([
      ['liba.so.1', 'runpath', undefined],
      ['libb.so.1', 'runpath', undefined],
      ['libb.so.1', 'loaded', undefined],
    ]);
    expect(needs('/bin/place-runpath', '/opt/second')).toEqual([['libplace.so.1', 'LD_LIBRARY_PATH', undefined]]);
    expect(needs('/bin/cached')).toEqual([['libcached.so.1', 'cache', undefined]]);
    expect(needs('/bin/by-path')).toEqual([['/opt/uncached/libuncached.so.1', 'path', undefined]]);
    expect(needs('/bin/hwcaps')).toEqual([['libcpu.so.1', 'runpath', 'x86-64-v2']]);
    expect(needs('/bin/musl-path')).toContainEqual(['libc.so', 'loader', undefined]);
  });

  it('says where it looked, and what it passed over', () => {
    const [problem] = fixtureFacts().get('libraries', '/bin/machine-only').value.programs[0]?.problems ?? [];
    expect(problem).toMatchObject({
      kind: 'missing',
      message:
        '/bin/machine-only needs libmachine.so.1, which is in no directory that the loader looks into; the one that is there is for another machine',
      found: { path: '/opt/arm/libmachine.so.1' },
      searched: ['/opt/arm', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'],
    });
  });
});

describe('without the cache', () => {
  const tree = (): MemoryTree => ({
    '/bin/cached': fixtureFile('/bin/cached'),
    '/lib64/ld-linux-x86-64.so.2': fixtureFile('/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
    '/opt/cached/libcached.so.1': fixtureFile('/opt/cached/libcached.so.1'),
    '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
    '/etc/ld.so.conf.d/site.conf': '/opt/cached\n',
  });
  const messages = (value: LibrariesFact) =>
    value.programs.flatMap(({ problems }) => problems.map(({ message }) => message));

  it('its directories do not count, as for the linker, and the message says what to do', () => {
    const { value } = factsOf(new MemoryFileSystem(tree())).get('libraries', '/bin/cached');
    expect(messages(value)).toEqual([
      '/bin/cached needs libcached.so.1, which is in /opt/cached, a directory of ld.so.conf, but not in ld.so.cache: run ldconfig',
    ]);
  });

  it('a cache that cannot be read is a gap', () => {
    const error = new ImageError('corrupt', 'ext4/bad-block', 'a bad block');
    const { gaps } = factsOf(new MemoryFileSystem({ ...tree(), '/etc/ld.so.cache': { error } })).get(
      'libraries',
      '/bin/cached',
    );
    expect(gaps).toMatchObject([{ cause: { level: 'damage', code: 'ext4/bad-block' } }]);
  });
});

describe('what the kernel starts', () => {
  const read = (tree: MemoryTree, path: string) => factsOf(new MemoryFileSystem(tree)).get('libraries', path);
  const program = fixtureFile('/bin/missing');
  const loader = fixtureFile('/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2');

  it('follows a script to its interpreter, and env to the program', () => {
    const { value } = read(
      {
        '/a': '#! /b -x\n',
        '/b': '#!/usr/bin/env -S A=1 prog arg\n',
        '/usr/bin/env': loader,
        '/usr/bin/prog': loader,
      },
      '/a',
    );
    expect(value.programs.map(({ path, linkage }) => [path, linkage])).toEqual([
      ['/usr/bin/env', 'static'],
      ['/usr/bin/prog', 'static'],
    ]);
    expect(value.broken).toBeUndefined();
  });

  it('says which interpreter is missing', () => {
    expect(read({ '/a': '#!/bin/sh\n' }, '/a').value.broken?.message).toBe(
      '/a needs /bin/sh, which is not in the image',
    );
    const lost = read({ '/bin/missing': program }, '/bin/missing').value.programs[0];
    expect(lost?.problems).toMatchObject([
      {
        kind: 'no-loader',
        subject: '/lib64/ld-linux-x86-64.so.2',
        message: '/bin/missing needs /lib64/ld-linux-x86-64.so.2 to start, which is not in the image',
      },
    ]);
  });

  it('an interpreter of another machine is none', () => {
    const other = Uint8Array.from(loader);
    other[18] = 183;
    const tree = { '/bin/missing': program, '/lib64/ld-linux-x86-64.so.2': other };
    expect(read(tree, '/bin/missing').value.programs[0]?.problems).toMatchObject([
      { kind: 'wrong-loader', message: expect.stringContaining('which is an object for arm64') },
    ]);
  });

  it('an interpreter of an unknown kind is no answer, unless nothing is needed', () => {
    const unknown = fixtureFile('/opt/app/libb.so.1');
    const { gaps } = read({ '/bin/missing': program, '/lib64/ld-linux-x86-64.so.2': unknown }, '/bin/missing');
    expect(gaps).toMatchObject([{ cause: { code: 'libraries/unknown-linker' } }]);
  });

  it('a library that cannot be read is a gap, not absent', () => {
    const error = new ImageError('corrupt', 'ext4/bad-block', 'a bad block');
    const tree = {
      '/bin/missing': program,
      '/lib64/ld-linux-x86-64.so.2': loader,
      '/usr/lib/libnowhere.so.1': { error },
    };
    const { value, gaps } = read(tree, '/bin/missing');
    expect(value.programs[0]?.problems).toEqual([]);
    expect(gaps).toMatchObject([{ cause: { code: 'ext4/bad-block' } }]);
  });

  it('of a path that is not there, and of a directory, says nothing', () => {
    expect(read({ '/d': { directory: true } }, '/d').value.programs).toEqual([]);
    expect(read({}, '/none').value).toMatchObject({ programs: [] });
  });
});
