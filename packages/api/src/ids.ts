import { CustomerNotFound, LinkNotFound } from '@enishi/core';

const pattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether a client's text can be an id at all; PostgreSQL would fail on another. */
export const isId = (text: string): boolean => pattern.test(text);

export function requireCustomerId(id: string): string {
  if (!isId(id)) throw new CustomerNotFound(id);
  return id;
}

export function requireLinkId(id: string): string {
  if (!isId(id)) throw new LinkNotFound(id);
  return id;
}
