/** Lists of packages name `/lib/x` where an image with a merged /usr has `/usr/lib/x`. */
export function mergedPath(path: string): string {
  return path.replace(/^\/(?=(?:bin|sbin|lib(?:32|64|x32)?)(?:\/|$))/, '/usr/');
}
