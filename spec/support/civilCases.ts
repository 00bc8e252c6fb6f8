/** Seconds since 1970 around the turns of years, months and days, with zones that move them over it. */
export const civilCases: readonly (readonly [number, number | string])[] = [
  [951_782_390, 0], // 2000-02-28 23:59:50: a leap year after all
  [951_868_790, '+0015'], // 2000-02-29 23:59:50
  [1_704_067_190, 14], // 2023-12-31 23:59:50
  [1_704_067_205, '-0930'],
  [4_107_542_390, -12], // 2100-02-28 23:59:50: no leap year
  [2_147_483_640, 8], // 2038: beyond 31 bits
];
