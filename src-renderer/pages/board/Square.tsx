import { Popover } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { notOursText } from '#domain/labels'
import { formatCount, Money } from '../../components/cells.tsx'
import type { Table } from './board.ts'

type Line = Table['square']['credits']
const PARTS = ['total', 'matched', 'proposed', 'alone'] as const

/** Quadratura: credits and flows, to the cent, always in sight; a click opens the sum line by line. */
export function Square({ square }: { readonly square: Table['square'] }) {
  const cells = (line: Line) =>
    PARTS.map((part) => (
      <td key={part} className="right">
        <span className="muted">{formatCount(line[part].count)} · </span>
        <Money cents={line[part].cents} strong={part === 'total'} />
      </td>
    ))
  const explained = square.unexplainedCents === 0
  return (
    <section className="card square" aria-label="Quadratura">
      <table className="plain">
        <thead>
          <tr>
            <th>Quadratura</th>
            <th className="right">Totale €</th>
            <th className="right">Abbinati €</th>
            <th className="right">In proposta €</th>
            <th className="right">Senza controparte €</th>
            <th className="right">Differenza €</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <td>Accrediti</td>
            {cells(square.credits)}
            <td rowSpan={2} className="right square-difference">
              <Money cents={square.differenceCents} strong />
              <Popover position="top-end" width={420} withinPortal>
                <Popover.Target>
                  <button type="button" className={`link st ${explained ? 't-ok' : 't-bad'}`}>
                    {explained ? (
                      <IconCircleCheck size={14} stroke={1.7} aria-hidden />
                    ) : (
                      <IconCircleX size={14} stroke={1.7} aria-hidden />
                    )}
                    {explained ? 'spiegata al centesimo' : 'non spiegata: niente si emette'}
                  </button>
                </Popover.Target>
                <Popover.Dropdown p={0}>
                  <table className="plain">
                    <tbody>
                      {square.explanation.map((e) => (
                        <tr key={e.text}>
                          <td>{e.text}</td>
                          <td className="right">
                            <Money cents={e.cents} />
                          </td>
                        </tr>
                      ))}
                      {square.explanation.length === 0 && (
                        <tr>
                          <td colSpan={2}>Accrediti e flussi sono uguali: non resta niente.</td>
                        </tr>
                      )}
                    </tbody>
                    <tfoot>
                      {!explained && (
                        <tr>
                          <td className="t-bad">Non spiegati</td>
                          <td className="right">
                            <Money cents={square.unexplainedCents} strong />
                          </td>
                        </tr>
                      )}
                      <tr>
                        <td>Accrediti meno flussi</td>
                        <td className="right">
                          <Money cents={square.differenceCents} />
                        </td>
                      </tr>
                    </tfoot>
                  </table>
                </Popover.Dropdown>
              </Popover>
            </td>
          </tr>
          <tr>
            <td>Flussi</td>
            {cells(square.flows)}
          </tr>
          {square.notOurs.count > 0 && (
            <tr>
              <td colSpan={6} className="t-warn">
                {notOursText(square.notOurs.count, square.notOurs.cents)}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}
