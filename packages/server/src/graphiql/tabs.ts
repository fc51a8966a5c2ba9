/** A prepared tab of GraphiQL; its name is that of its first operation. */
export interface Tab {
  readonly query: string;
  readonly variables?: string;
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

const somebody = { any: [{ identity: 'member' }, { identity: 'user' }, { identity: 'email' }] };

const frontEnd: Tab = {
  query: `# FRONT-END · everything about one customer in one question (role front-end)
# フロントエンド · お客様一人のすべてを一度の問い合わせで（ロール front-end）
#
# 1. Run SomeCustomers (place the cursor in it, Ctrl-Enter) and copy an id into the variables below.
#    SomeCustomers を実行し（カーソルを置いて Ctrl-Enter）、id を下の変数に貼り付けます。
# 2. Run FrontEnd. Then run Watch and let something happen to the customer.
#    FrontEnd を実行。つづけて Watch を実行すると、変化がその場で届きます。

query FrontEnd($id: ID!) {
  customer(id: $id) {
    id
    lastEventAt
    identities { namespace value }
    traits { key value source observedAt }
    consents { purpose channel state decidedAt }
    segments { enteredAt segment { key name } }
    events(first: 10) {
      nodes { type occurredAt source properties }
      pageInfo { endCursor hasNextPage }
    }
  }
}

query SomeCustomers($rule: JSON!) {
  customers(rule: $rule, first: 5) {
    nodes { id lastEventAt identities(first: 3) { namespace value } }
  }
}

subscription Watch($id: ID!) {
  customerChanges(id: $id) { at change cause { kind type } customer { lastEventAt } }
}
`,
  variables: json({ id: '00000000-0000-8000-a000-000000000000', rule: somebody }),
};

const partner: Tab = {
  query: `# PARTNER · what a source sends, and the receipt for each item (role source; the catalogue needs a reading role)
# パートナー · ソースが送るものと、一件ごとの受領証（ロール source。カタログの閲覧は読み取り権限のあるロールで）
#
# Send it twice: the second time is DUPLICATE, for ever. Break a property: QUARANTINED, with the reason.
# 二度送ると DUPLICATE（永久に重複しません）。項目を壊すと理由つきで QUARANTINED になります。

mutation Partner($events: [EventInput!]!) {
  ingestEvents(events: $events) { id status eventId violations { path message } }
}

query Catalogue {
  eventTypes { name description trackedAs schema }
  namespaces { name description priority limit }
}

query WhoAmI {
  me { role purpose source scopes workspace { key name } }
}
`,
  variables: json({
    events: [
      {
        id: 'graphiql-1',
        type: 'enishi.tracked',
        identifiers: { email: 'hanako@example.jp', member: '4901-2345' },
        properties: { event: 'Survey Answered', score: 9 },
        traits: { rank: 'gold' },
      },
    ],
  }),
};

const bi: Tab = {
  query: `# BI · counts that add up, and pages with cursors that stay good (role bi)
# BI · 合計の合う件数と、途中で変わっても使えるカーソル（ロール bi）

query Bi {
  segments { key name size version updatedAt }
}

query Members($segment: String!, $after: String) {
  segment(key: $segment) {
    size
    members(first: 100, after: $after) {
      edges { enteredAt node { id } }
      pageInfo { endCursor hasNextPage }
    }
  }
}

query Sent($after: String) {
  deliveries(statuses: [DELIVERED], first: 100, after: $after) {
    nodes { id createdAt destination change attempts }
    pageInfo { endCursor hasNextPage }
  }
}
`,
  variables: json({ segment: 'first-purchase', after: null }),
};

const marketer: Tab = {
  query: `# MARKETER · try a rule, keep it as a segment, watch people move (role marketer)
# マーケター · ルールを試し、セグメントとして保存し、人の動きを見る（ロール marketer）

query Marketer($rule: JSON!) {
  previewSegment(rule: $rule, sample: 5) {
    ... on SegmentPreview { count sample { id lastEventAt } }
    ... on InvalidRule { message violations { path message } }
  }
}

mutation Keep($rule: JSON!) {
  saveSegment(input: { key: "active-90-days", name: "Active in 90 days / 90日以内に活動", rule: $rule }) {
    ... on Segment { key size status }
    ... on Problem { code message }
  }
}

# Who comes and goes, live, with the cause. Start the simulator or send an event.
# 出入りと理由がその場で届きます。
subscription Movements($segment: String!) {
  segmentChanges(segment: $segment) { at change cause { kind type } cursor customer { id } }
}

subscription Size($segment: String!) {
  segmentSize(segment: $segment) { at size }
}

# Why is somebody in, or out? / なぜ入っているのか、いないのか。
query Why($segment: String!, $customer: ID!) {
  explainMembership(segment: $segment, customer: $customer) {
    ... on MembershipExplanation { member changesAt clauses { path rule matches actual changesAt } }
    ... on Problem { code message }
  }
}
`,
  variables: json({
    segment: 'first-purchase',
    customer: '00000000-0000-8000-a000-000000000000',
    rule: {
      any: [
        { event: 'enishi.tracked', last: { within: 'P90D' } },
        { event: 'enishi.page_viewed', last: { within: 'P90D' } },
      ],
    },
  }),
};

const privacy: Tab = {
  query: `# PRIVACY · what is known of a person, why, and with whose word (role privacy)
# プライバシー · その人の何を、なぜ、何に基づいて持っているか（ロール privacy）

query Privacy($identity: IdentityInput!) {
  customerBy(identity: $identity) {
    id
    consents { purpose channel state decidedAt }
    consentRecords { position purpose channel scope state occurredAt recordedAt source evidence hash previousHash }
    traits { key value source observedAt eventId }
    links { id rule status evidence a { namespace value } b { namespace value } }
    deliveries(first: 10) { nodes { createdAt destination status reason } }
  }
}

mutation Withdraw($who: JSON!) {
  recordConsents(consents: [{ identifiers: $who, decisions: [{ purpose: "marketing", channel: "email", state: WITHDRAWN }] }]) {
    status
    violations { path message }
  }
}

# Two people were tied together by mistake: take the link back, exactly. / 誤って結ばれた二人を、正確に元へ戻します。
mutation Untie($link: ID!) {
  revokeLink(id: $link, reason: "not the same person / 別人") {
    ... on LinkRevoked { customers { id identities { namespace value } } }
    ... on Problem { code message }
  }
}
`,
  variables: json({
    identity: { namespace: 'email', value: 'hanako@example.jp' },
    who: { email: 'hanako@example.jp' },
    link: '00000000-0000-8000-a000-000000000000',
  }),
};

const operator: Tab = {
  query: `# OPERATOR · what was kept aside, what could not be sent, and how to put it back in line (role operator)
# 運用 · 取り置かれたもの、送れなかったもの、そして再送のしかた（ロール operator）

query Operator {
  quarantinedEvents(first: 20) {
    nodes { id receivedAt source attempts violations { path message } draft }
  }
  deliveries(statuses: [DEAD], first: 20) {
    nodes { id destination reason attempts attemptLog { at outcome reason } }
  }
  programs { key name active }
}

mutation ReplayEvents($ids: [ID!]!) {
  replayQuarantined(ids: $ids) { id status violations { path message } }
}

mutation ReplayDeliveries($destination: String!) {
  replayDeliveries(filter: { destination: $destination, statuses: [DEAD] }) { replayed }
}
`,
  variables: json({ ids: [], destination: 'email.message' }),
};

/** One for each audience of the product. */
export const tabs: readonly Tab[] = [frontEnd, partner, bi, marketer, privacy, operator];
