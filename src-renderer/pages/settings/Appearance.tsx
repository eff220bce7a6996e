import { type MantineColorScheme, Radio, useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { type Density, density, setDensity } from '../../appearance.ts'
import { Card } from '../../components/Page.tsx'

/** Aspetto: colours and row height, on this computer. The paper of documents stays white. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [rows, setRows] = useState<Density>(density)
  return (
    <Card title="Aspetto" about="di questo computer" grow label="Aspetto">
      <Radio.Group label="Colori" value={colorScheme} onChange={(v) => setColorScheme(v as MantineColorScheme)}>
        <div className="radio-cards">
          <Radio className="radio-card" size="xs" value="light" label="Chiaro" description="fondo bianco" />
          <Radio className="radio-card" size="xs" value="dark" label="Scuro" description="per stanze buie" />
          <Radio className="radio-card" size="xs" value="auto" label="Come Windows" description="segue il sistema" />
        </div>
      </Radio.Group>
      <Radio.Group
        label="Righe degli elenchi"
        mt={14}
        value={rows}
        onChange={(v) => {
          setRows(v as Density)
          setDensity(v as Density)
        }}
      >
        <div className="radio-cards">
          <Radio className="radio-card" size="xs" value="normale" label="Fitte" description="più righe sullo schermo" />
          <Radio className="radio-card" size="xs" value="comoda" label="Comode" description="34 punti di altezza" />
        </div>
      </Radio.Group>
    </Card>
  )
}
