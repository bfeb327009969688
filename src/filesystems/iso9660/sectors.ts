/** Where ISO 9660 begins: the sectors before are the system's own (ECMA-119, 6.2.1). */
export const SECTOR = 2048;
export const DESCRIPTORS_OFFSET = 16 * SECTOR;
export const STANDARD_ID = 'CD001';
