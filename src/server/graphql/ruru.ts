// What GraphiQL opens with, in development: a tab each for signing in and for looking around.
import type {} from 'postgraphile/grafserv';

/** By itself: without a token the server takes nothing beside it. */
const signIn = `# Sign in: the first start of the server printed the password.
# Put the accessToken into the headers of the other tab, below the query, and fetch the schema anew (bottom left).
# It is good for 15 minutes.
mutation SignIn {
  signIn(input: { email: "admin@localhost", password: "" }) {
    accessToken
    refreshToken
    user { name isAdmin }
  }
}
`;

const lookAround = `# Press the button (or Ctrl-Enter), and choose. More, step by step: docs/api.md.

# Who am I, and where may I do what?
query Me {
  me { email isAdmin memberships { nodes { role workspace { id name } } } }
}

# The latest campaigns, and how far they are.
query Campaigns {
  tasks(first: 20) {
    totalCount
    nodes {
      id
      name
      status
      workspace { name }
      statistics { total open funnel { sent delivered opened clicked bounced } }
    }
  }
}

# One of them. Variables, below: { "taskId": "…" }.
query Campaign($taskId: UUID!) {
  task(id: $taskId) {
    name
    status
    forecast { left finishesAt ratePerHour limiting }
    whyNotSending { sentence movesAt remedy }
    services { name sent delivered failed uncertain }
    subTasks(first: 20, filter: { status: [failed, uncertain] }) {
      nodes { id status errorCode errorMessage mail { recipientEmail } }
    }
  }
}

# The same, live.
subscription Progress($taskId: UUID!) {
  taskProgress(taskId: $taskId) {
    sequence
    task { status statistics { total open funnel { sent delivered opened clicked bounced } } }
  }
}

# What each service is doing, live: its pace, and when it sends next.
subscription Services {
  serviceStatus {
    at
    services { service { name intervalMs } activity nextSlotAt reason inFlight usedQuota dailyQuota }
  }
}

# What asks for a person.
query Alerts {
  openAlerts { openCount alerts { severity message openedAt } }
}
`;

const tabs = [
  { query: signIn },
  { query: lookAround, headers: JSON.stringify({ authorization: 'Bearer <accessToken>' }, null, 2) },
];

/** GraphiQL knows tabs; of Ruru's own options only those for one. A browser that was here before opens with what it had. */
const opening = `<script>RURU_CONFIG.defaultTabs = ${JSON.stringify(tabs).replaceAll('<', '\\u003c')};</script>`;

/** The configuration of Ruru, which is GraphiQL as PostGraphile brings it along. */
export const ruruPreset: GraphileConfig.Preset = {
  ruru: { htmlParts: { configScript: (script) => `${script}\n${opening}` } },
};
