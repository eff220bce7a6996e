import type { NodeConnection, NodeGateway } from '#domain/node-ports'

type Call = (to: NodeConnection, ...rest: readonly unknown[]) => unknown

/** The real gateway, with a server of this machine in the place of pagoPA's: keys, paths and words stay as they are. */
export function towards(node: NodeGateway, origin: string): NodeGateway {
  const groups = Object.entries(node).map(([group, calls]) => {
    const turned = Object.entries(calls as Readonly<Record<string, Call>>).map(([name, call]) => [
      name,
      (to: NodeConnection, ...rest: readonly unknown[]) => call({ ...to, origin }, ...rest),
    ])
    return [group, Object.fromEntries(turned)]
  })
  return Object.fromEntries(groups) as NodeGateway
}
