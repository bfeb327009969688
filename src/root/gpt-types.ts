/** Partition type GUIDs that decide what is mounted where (UAPI.2, discoverable partitions specification). */
export const espType = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';
export const xbootldrType = 'bc13c2ff-59e6-4262-a352-b275fd6f7172';
