import '@mantine/charts/styles.css'
import { CompositeChart } from '@mantine/charts'

interface Month {
  readonly month: number
  readonly issuedCents: number | null
  readonly collectedCents: number | null
  readonly lastYearCollectedCents: number | null
}

const NAMES = ['gen', 'feb', 'mar', 'apr', 'mag', 'giu', 'lug', 'ago', 'set', 'ott', 'nov', 'dic']

/** Month ends: collected and outstanding stacked to what was issued, last year's collected dashed (SCREENS.md §12.5). */
export function MonthsChart({ months }: { readonly months: readonly Month[] }) {
  const data = months.map((m) => ({
    mese: NAMES[m.month - 1] ?? '',
    riscosso: m.collectedCents === null ? null : m.collectedCents / 100,
    daRiscuotere:
      m.issuedCents === null || m.collectedCents === null ? null : Math.max(0, m.issuedCents - m.collectedCents) / 100,
    annoPrima: m.lastYearCollectedCents === null ? null : m.lastYearCollectedCents / 100,
  }))
  const hasLastYear = data.some((d) => d.annoPrima !== null)
  return (
    <CompositeChart
      h="100%"
      data={data}
      dataKey="mese"
      series={[
        { name: 'riscosso', label: 'Riscosso', color: 'var(--acc)', type: 'bar' },
        { name: 'daRiscuotere', label: 'Da riscuotere', color: 'var(--bar-light)', type: 'bar' },
        ...(hasLastYear
          ? [
              {
                name: 'annoPrima',
                label: 'Riscosso l’anno prima',
                color: 'var(--ink3)',
                type: 'line' as const,
                strokeDasharray: '3 3',
              },
            ]
          : []),
      ]}
      barProps={{ stackId: 'mese', isAnimationActive: false, maxBarSize: 28 }}
      composedChartProps={{ margin: { top: 12, right: 4, bottom: 0, left: 0 } }}
      lineProps={{ isAnimationActive: false }}
      curveType="linear"
      withDots={false}
      strokeWidth={1}
      gridAxis="x"
      strokeDasharray="0"
      gridProps={{ syncWithTicks: true }}
      tickLine="none"
      yAxisProps={{ width: 58, tickFormatter: thousands }}
      valueFormatter={thousands}
      textColor="var(--ink3)"
      gridColor="var(--line)"
    />
  )
}

function thousands(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '.')
}
