/** Nobody's id, and the one before all others: where pages in order of id begin. */
export const nilId = '00000000-0000-0000-0000-000000000000';
