/** Permissions as chmod(1) takes them: `0644`, `4755`. */
export function formatPermissions(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
