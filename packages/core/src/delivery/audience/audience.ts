/** One audience of a destination, as its members and deliveries name it. */
export interface Audience {
  readonly destinationId: number;
  readonly audience: string;
}

/** SQL: how the audience that a program with this message keeps is named. Equal messages are one audience. */
export const audienceOf = (message: string): string => `md5(${message}::text)`;
