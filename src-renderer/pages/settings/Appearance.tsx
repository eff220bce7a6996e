import { useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { type Density, density, setDensity } from '../../appearance.ts'
import { Card } from '../../components/Page.tsx'
import { RadioCards } from '../../components/RadioCards.tsx'

/** Aspetto: colours and row height, on this computer. The paper of documents stays white. */
export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [rows, setRows] = useState<Density>(density)
  return (
    <Card title="Aspetto" about="di questo computer" grow label="Aspetto">
      <RadioCards
        label="Colori"
        value={colorScheme}
        onChange={setColorScheme}
        choices={[
          { value: 'light', label: 'Chiaro', description: 'fondo bianco' },
          { value: 'dark', label: 'Scuro', description: 'per stanze buie' },
          { value: 'auto', label: 'Come Windows', description: 'segue il sistema' },
        ]}
      />
      <RadioCards
        label="Righe degli elenchi"
        mt={14}
        value={rows}
        onChange={(v) => {
          setRows(v)
          setDensity(v)
        }}
        choices={[
          { value: 'normale', label: 'Fitte', description: 'più righe sullo schermo' },
          { value: 'comoda', label: 'Comode', description: '34 punti di altezza' },
        ]}
      />
    </Card>
  )
}
