import { z } from 'zod';

export const id = z.string().min(1).max(200);
export const text = z.string().max(5000);
export const permissionList = z.array(z.string().max(100)).max(200);
