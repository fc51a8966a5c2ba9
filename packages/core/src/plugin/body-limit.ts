/** An answer that ends with an error as soon as more than `most` bytes of its body have come, as they are after inflation. */
export function limitBody(answer: Response, most: number): Response {
  if (answer.body === null) return answer;
  let seen = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      seen += chunk.byteLength;
      if (seen > most) controller.error(new TypeError(`the answer has more than ${most} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers, url, redirected } = answer;
  const limited = new Response(answer.body.pipeThrough(counting), { status, statusText, headers });
  // The constructor cannot be told where an answer came from; vendors' libraries look at it.
  return Object.defineProperties(limited, { url: { value: url }, redirected: { value: redirected } });
}
