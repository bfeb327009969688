import { describe, expect, it } from 'vitest';
import { grub } from '../../../src/root/boot-entries/grub/grub.ts';
import { placeOf } from './places.ts';

const at = (path: string, line: number, number = 1) => ({ source: `disk.wic!p${number}`, path, line });

describe('grub.cfg as wic writes it', () => {
  const text = [
    'serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1',
    'default=boot',
    'timeout=0',
    "menuentry 'boot'{",
    'linux /vmlinuz-6.12 root=PARTUUID=abc rootwait net.ifnames=0 console=ttyS0,115200',
    'initrd /initrd.img-6.12',
    '}',
  ].join('\n');

  it('has one entry, with the place of every line', () => {
    const path = '/EFI/BOOT/grub.cfg';
    expect(grub.read([placeOf('esp', 1, { [path]: text })])?.default).toEqual({
      loader: 'grub',
      id: '0',
      title: { text: 'boot', location: at(path, 4) },
      linux: { text: '/vmlinuz-6.12', location: at(path, 5) },
      options: { text: 'root=PARTUUID=abc rootwait net.ifnames=0 console=ttyS0,115200', location: at(path, 5) },
      initrd: [{ text: '/initrd.img-6.12', location: at(path, 6) }],
      source: 'disk.wic!p1',
    });
  });
});

describe('grub.cfg as grub-mkconfig writes it', () => {
  const config = `
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
else
   set default="DEFAULT"
fi
if [ x"\${feature_menuentry_id}" = xy ]; then
  menuentry_id_option="--id"
else
  menuentry_id_option=""
fi
export menuentry_id_option
function load_video {
  if [ x$feature_all_video_module = xy ]; then
    insmod all_video
  else
    insmod efi_gop # a comment } that closes nothing
  fi
}
for x in a b; do echo $x; done
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-1' {
	load_video
	insmod gzio
	set root='hd0,gpt9'
	search --no-floppy --fs-uuid --set=root --hint-efi=hd0,gpt9 UUID-2
	echo	'Loading Linux ...'
	linux	/boot/vmlinuz-6.12 root=UUID=uuid-2 ro  quiet "spaced one"
	initrd	/boot/ucode.img \\
		/boot/initrd.img-6.12
}
submenu 'Advanced options' $menuentry_id_option 'advanced-1' {
	menuentry 'Older' $menuentry_id_option 'older-1' { linux /boot/vmlinuz-6.1 root=UUID=uuid-2
	}
	menuentry 'Oldest' --id oldest-1 {
		linux /boot/vmlinuz-5.10 root=UUID=uuid-2 single
	}
}
menuentry 'UEFI Firmware Settings' { fwsetup; }
`;
  const read = (wanted: string, grubenv?: string) =>
    grub.read([
      placeOf('esp', 1, {
        '/EFI/debian/grub.cfg':
          "search.fs_uuid uuid-2 root\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n",
      }),
      placeOf('root', 2, {
        '/boot/grub/grub.cfg': config.replace('DEFAULT', wanted),
        ...(grubenv === undefined ? {} : { '/boot/grub/grubenv': `# GRUB Environment Block\n${grubenv}\n#######` }),
      }),
    ]);

  it('is reached from the ESP and read where it lies', () => {
    const menu = read('0');
    const entry = menu?.default;
    expect(entry).toMatchObject({ id: '0', source: 'disk.wic!p2', linux: { text: '/boot/vmlinuz-6.12' } });
    expect(entry?.options?.text).toBe('root=UUID=uuid-2 ro quiet "spaced one"');
    expect(entry?.linux?.location).toEqual(at('/boot/grub/grub.cfg', 31, 2));
    expect(entry?.initrd.map(({ text }) => text)).toEqual(['/boot/ucode.img', '/boot/initrd.img-6.12']);
    expect(menu?.entries.map(({ id }) => id)).toEqual(['0', '1>0', '1>1']);
  });

  it.each([
    ['0', '/boot/vmlinuz-6.12'],
    ['1', '/boot/vmlinuz-6.1'],
    ['1>1', '/boot/vmlinuz-5.10'],
    ['Advanced options>Oldest', '/boot/vmlinuz-5.10'],
    ['advanced-1>older-1', '/boot/vmlinuz-6.1'],
    ['gnulinux-simple-1', '/boot/vmlinuz-6.12'],
    ['no such entry', '/boot/vmlinuz-6.12'],
    ['$saved_entry', '/boot/vmlinuz-6.12'],
  ])('with default %s boots %s', (wanted, kernel) => {
    expect(read(wanted)?.default?.linux?.text).toBe(kernel);
  });

  it('obeys grubenv', () => {
    expect(read('$saved_entry', 'saved_entry=advanced-1>oldest-1')?.default?.linux?.text).toBe('/boot/vmlinuz-5.10');
    expect(read('0', 'next_entry=1>1')?.default?.linux?.text).toBe('/boot/vmlinuz-5.10');
  });
});

describe('grub.cfg written by hand for two slots', () => {
  const config = `
load_env
if [ -z "$slot" ]; then set slot=a; fi
if [ "$slot" = "b" -a -n "$slot" ]; then
  set root_part=APP_b
elif [ "$slot" == "a" ]; then
  set root_part=APP
else
  set root_part=none
fi
set args="console=ttyS0"
menuentry "Slot $slot" { linux /vmlinuz root=PARTLABEL=\${root_part} $args; initrd /initrd.img; }
`;
  it.each([
    [undefined, 'root=PARTLABEL=APP console=ttyS0'],
    ['slot=b', 'root=PARTLABEL=APP_b console=ttyS0'],
    ['slot=c', 'root=PARTLABEL=none console=ttyS0'],
  ])('with %s boots %s', (grubenv, options) => {
    const environment = grubenv === undefined ? {} : { '/EFI/BOOT/grubenv': grubenv };
    const menu = grub.read([placeOf('esp', 1, { '/EFI/BOOT/grub.cfg': config, ...environment })]);
    expect(menu?.default?.options?.text).toBe(options);
  });
});

describe('a menu entry', () => {
  it('that is tried leaves nothing behind for the next', () => {
    const text =
      'set a=1\nmenuentry x { set a=2; set b=3; unset c; linux /x a=$a; }\nmenuentry y { linux /y a=$a b=$b c=$c; }\nset c=4\n';
    const menu = grub.read([placeOf('esp', 1, { '/EFI/BOOT/grub.cfg': text })]);
    expect(menu?.entries.map(({ options }) => options?.text)).toEqual(['a=2', 'a=1 b= c=4']);
  });
});

describe('a hostile grub.cfg', () => {
  const read = (text: string) => grub.read([placeOf('esp', 1, { '/EFI/BOOT/grub.cfg': text })]);

  it.each([
    ['a function that calls itself', 'function f { f; }\nf\n', /calls/],
    ['a file that reads itself', 'configfile /EFI/BOOT/grub.cfg', /calls/],
    ['text that doubles', `set a=xxxxxxxxxxxxxxxx\n${'set a=$a$a\n'.repeat(60)}`, /characters/],
    [
      'a function that fills the menu',
      `function f {\n${'menuentry x {\n}\n'.repeat(500)}}\n${'f\n'.repeat(500)}`,
      /commands/,
    ],
    ['blocks without end', 'if true; then\n'.repeat(100), /blocks/],
    ['an open block', "menuentry 'x' {\nlinux /x", /ends before "}"/],
  ])('%s is refused', (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('that is nothing but words is refused', () => {
    expect(() => read('a '.repeat(60_000))).toThrow(/words/);
  });

  it.each([
    '}',
    'fi',
    'done',
    'then else elif',
    '"open',
    "'open",
    '\\',
    '$',
    '${',
    '# only a comment',
    'function',
    '{{{',
    ';;||&&',
  ])('%s is no menu', (text) => {
    expect(() => expect(read(text)).toBeUndefined()).not.toThrow(RangeError);
  });
});
