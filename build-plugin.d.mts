import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin } from 'vitest/config';

export const vitePlugin: Plugin;
export const esbuildPlugins: readonly EsbuildPlugin[];
