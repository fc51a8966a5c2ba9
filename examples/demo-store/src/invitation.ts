import { styleText } from 'node:util';
import { demoSecrets } from './config.ts';
import type { Stage } from './stage.ts';

export interface InvitationOptions extends Pick<Stage, 'url' | 'keys'> {
  readonly mailPage: string;
  readonly readyAfter: number;
}

const heading = (text: string): string => styleText('bold', text);

/** What is printed once the demo is up. */
export const invitation = ({ url, keys, mailPage, readyAfter }: InvitationOptions): string => `
${heading(`Ready after ${readyAfter.toFixed(1)} s / 準備ができました`)}

  GraphiQL        ${url}/graphiql#key=${keys.operator}
  GraphQL, live   ${url}/graphql   (${url.replace(/^http/, 'ws')}/graphql)
  Tracking API    ${url}/v1/batch
  Webhooks        ${url}/hooks/pos/webhook   ${url}/hooks/ec/webhook   ${url}/hooks/survey/answers
  Health          ${url}/healthz   ${url}/readyz   ${url}/metrics
  Mail of the demo / 届いたメール   ${mailPage}

${heading('API keys / APIキー')}   (header: Authorization: Bearer KEY)
${Object.entries(keys)
  .map(([role, key]) => `  ${role.padEnd(10)} ${key}`)
  .join('\n')}

${heading('Try / 試す')}

  1. A customer from all sides / お客様を360度で見る
     curl -sS ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${keys['front-end']}' \\
       -d '{"query":"{ segment(key: \\"gold\\") { size members(first: 1) { nodes { id identities { namespace value } traits { key value source } events(first: 3) { nodes { type occurredAt } } } } } }"}'

  2. Watch a segment move / セグメントの動きを見る（GraphiQL）
     subscription { segmentChanges(segment: "first-purchase") { change at customerId cause { kind type } } }
     "lapsed-90-days" moves by the clock alone, about once a minute / 時計だけで動きます

  3. Send an event / イベントを送る
     curl -sS ${url}/v1/batch -u '${keys.source}:' -H 'content-type: application/json' \\
       -d '{"batch":[{"type":"track","event":"Order Completed","userId":"me","messageId":"once","properties":{"order_id":"A-1","total":120000,"currency":"JPY"}}]}'
     Again / もう一度: the receipt says DUPLICATE.

  4. How many would it be? / 何人になるか
     curl -sS ${url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${keys.marketer}' \\
       -d '{"query":"query($rule: JSON!) { previewSegment(rule: $rule) { ... on SegmentPreview { count } } }","variables":{"rule":{"event":"ec.order_completed","sum":{"of":"total","atLeast":50000},"within":"P90D"}}}'

  5. An unhappy answer, signed / 署名つきWebhook
     BODY='{"id":"s-1","answeredAt":"${new Date().toISOString()}","survey":"2026","score":3,"email":"you@mail.example"}'
     curl -sS ${url}/hooks/survey/answers -H 'content-type: application/json' -d "$BODY" \\
       -H "x-signature: $(printf %s "$BODY" | openssl dgst -sha256 -hmac ${demoSecrets.survey} -r | cut -d' ' -f1)"

${heading('Things happen now. Ctrl-C stops. / いま動いています。Ctrl-Cで終了します。')}
`;
