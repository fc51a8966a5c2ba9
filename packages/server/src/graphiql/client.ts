/** What runs in the browser. The key stays in this tab's session: a shared machine must not remember it. */
export const clientScript = `'use strict';
(() => {
  const field = document.getElementById('key');
  const state = document.getElementById('state');
  // A link may bring a key along behind "#key=": browsers never send that part. It is taken out of the address at once.
  const [, given] = /^#key=([\\w-]+)$/.exec(location.hash) ?? [];
  if (given !== undefined) {
    sessionStorage.setItem('enishi.key', given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  field.value = sessionStorage.getItem('enishi.key') ?? '';
  const headers = () => (field.value === '' ? {} : { authorization: 'Bearer ' + field.value });
  const socketUrl = new URL('graphql', location.href);
  socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
  let client;
  const connect = () => {
    client?.dispose();
    client = graphqlWs.createClient({
      url: socketUrl.href,
      connectionParams: headers,
      retryAttempts: 20,
      on: { connected: () => (state.textContent = 'live'), closed: () => (state.textContent = '') },
    });
  };
  connect();
  const wsClient = { subscribe: (...words) => client.subscribe(...words) };
  const fetcher = GraphiQL.createFetcher({
    url: new URL('graphql', location.href).href,
    wsClient,
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers() } }),
  });
  const root = ReactDOM.createRoot(document.getElementById('graphiql'));
  const tabs = JSON.parse(document.getElementById('tabs').textContent);
  let drawn = 0;
  // A new React key reads the schema again: what a key may see depends on the key.
  const draw = () =>
    root.render(
      React.createElement(GraphiQL, {
        key: drawn++,
        fetcher,
        defaultTabs: tabs,
        defaultEditorToolsVisibility: 'variables',
        shouldPersistHeaders: false,
        inputValueDeprecation: true,
      }),
    );
  draw();
  field.addEventListener('change', () => {
    sessionStorage.setItem('enishi.key', field.value.trim());
    field.value = field.value.trim();
    connect();
    draw();
  });
  document.getElementById('reset').addEventListener('click', () => {
    for (const name of Object.keys(localStorage)) if (name.startsWith('graphiql:')) localStorage.removeItem(name);
    location.reload();
  });
})();
`;
