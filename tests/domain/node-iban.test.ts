import { expect, test } from 'vitest'
import type { IsoDate } from '#domain/date'
import { type NodeIbanSaid, nodeIbanProblem, nodeIbanState, nodeStationProblems } from '#domain/node-iban'

const TODAY = '2026-03-15' as IsoDate
const said = (more: Partial<NodeIbanSaid> = {}): NodeIbanSaid => ({
  ...{ status: 'ENABLED', validFrom: '2026-01-01' as IsoDate },
  ...more,
})

test.each([
  [said(), 'active'],
  [said({ status: null }), 'active'],
  [said({ validFrom: TODAY }), 'active'],
  [said({ validFrom: '2026-03-16' as IsoDate }), 'future'],
  [said({ status: 'DISABLED' }), 'off'],
  [said({ status: 'una parola mai vista' }), 'off'],
  [null, 'unknown'],
] as const)('%o is %s', (row, state) => {
  expect(nodeIbanState(row, TODAY)).toBe(state)
  const found = nodeIbanProblem({ iban: 'IT66S0999912100000000012345', name: 'Banca' }, row, TODAY)
  expect(found === null).toBe(state === 'active')
  expect(found?.severity ?? 'warning').toBe('warning')
})

test('a station and a segregation code must be those that pagoPA has, and in force', () => {
  const station = (stationCode: string, segregationCode: string, active = true) => ({
    stationCode,
    segregationCode,
    active,
  })
  const codes = (ours: Parameters<typeof nodeStationProblems>[0], all: Parameters<typeof nodeStationProblems>[1]) =>
    nodeStationProblems(ours, all).map(({ code }) => code)
  const ours = { stationCode: '80012345678_01', segregationCode: '47' }
  expect(codes(ours, [station('80012345678_01', '47'), station('80012345678_02', '03')])).toEqual([])
  expect(codes({ ...ours, stationCode: null }, [station('80012345678_09', '47')])).toEqual([])
  expect(codes(ours, [station('80012345678_02', '47')])).toEqual(['NODE_STATION_UNKNOWN'])
  expect(codes(ours, [station('80012345678_01', '47', false)])).toEqual(['NODE_SEGREGATION_UNKNOWN'])
  expect(codes(ours, [])).toEqual(['NODE_STATION_UNKNOWN', 'NODE_SEGREGATION_UNKNOWN'])
  expect(nodeStationProblems(ours, [station('x', '03'), station('x', '')])[1]?.params).toEqual({
    code: '47',
    known: '03',
  })
})
