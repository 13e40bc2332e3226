// What a page listens to, and asks for at one moment.

const services = /* GraphQL */ `
  sequence at
  services {
    activity until reason nextSlotAt usedQuota dailyQuota inFlight sequence
    service { id name }
    handOvers { endedAt outcome mails }
  }`;
export const serviceStatus = `subscription { serviceStatus { ${services} } }`;
export const serviceStatusNow = `query { serviceStatus { ${services} } }`;

const page = 'since sequence isComplete at events { id kind occurredAt subTaskId taskId }';
export const events = `
  subscription ($workspaceId: UUID!, $taskId: UUID, $after: Int) {
    events(workspaceId: $workspaceId, taskId: $taskId, after: $after) { ${page} }
  }`;
export const eventPage = `
  query ($workspaceId: UUID!, $taskId: UUID, $after: Int) {
    eventPage(workspaceId: $workspaceId, taskId: $taskId, after: $after) { ${page} }
  }`;

const open = 'sequence at openCount alerts { id rule subject severity times acknowledgedAt workspaceId message }';
export const alerts = `subscription { alerts { ${open} } }`;
export const openAlerts = `query { openAlerts { ${open} } }`;
export const acknowledgeAlert = /* GraphQL */ `
  mutation ($alertId: UUID!) {
    acknowledgeAlert(input: { alertId: $alertId }) { alert { id acknowledgedAt resolvedAt } }
  }`;
