/** Who may read what belongs to an account: its teams, or the whole desk when it names none (protocol: Visibility). */
export function toAccountScopes(teamIds: readonly string[]): string[] {
  return teamIds.length === 0 ? ['desk'] : teamIds.map((id) => `team:${id}`);
}
