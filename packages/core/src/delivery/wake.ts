/**
 * Tells the workers of all processes that a workspace has deliveries due: its id is the payload. A channel of its own, so
 * that a line without programs wakes nobody. Only a hint: workers also look by themselves.
 */
export const wakeChannel = 'enishi_delivery';
