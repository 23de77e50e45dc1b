/** The roles of a workspace; each may do what those before it may. */
const ROLES = ['viewer', 'runner', 'editor', 'owner'] as const

export type Role = (typeof ROLES)[number]

/** Whether a role may do what another one may. While it is not known, it may: the server has the last word. */
export function includes(role: Role | undefined, needed: Role): boolean {
  return role === undefined || ROLES.indexOf(role) >= ROLES.indexOf(needed)
}
