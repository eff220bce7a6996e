import { Menu } from '@mantine/core'
import { IconCheck, IconChevronDown, IconSearch, IconUserCircle } from '@tabler/icons-react'
import { ENVIRONMENTS, stateWord } from '#domain/vocabulary'
import { chooseExercise, useAppState, useExercise } from '../app-state.ts'
import { Key } from '../components/Key.tsx'
import { JobChip } from '../jobs/JobChip.tsx'
import { openPalette } from './Palette.tsx'

/** 44 px; in Electron it is the title bar, with room for the window's buttons at the right. */
export function TopBar() {
  const { data } = useAppState()
  const exercise = useExercise()
  const badge = data ? ENVIRONMENTS[data.environment].badge : null
  return (
    <header className="top">
      <div className="top-brand">
        <span className="logo" aria-hidden>
          <IconCheck size={15} stroke={3} />
        </span>
        <span className="side-label">Quietanza</span>
      </div>
      <span className="top-name cut">{data?.institutionName ?? ''}</span>
      {data && data.exercises.length > 0 && (
        <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <button type="button" className="exercise">
              Esercizio <b>{exercise}</b>
              <IconChevronDown size={14} stroke={1.7} aria-hidden />
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            {data.exercises.map((e) => (
              <Menu.Item key={e.year} onClick={() => chooseExercise(e.year)}>
                {e.year} · {stateWord('exercise', e.state).word.toLowerCase()}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <div className="top-right">
        <button type="button" className="top-search" onClick={openPalette}>
          <IconSearch size={16} stroke={1.7} aria-hidden />
          <span className="cut">Cerca persona, CF, IUV, comando</span>
          <Key keys="Ctrl+K" />
        </button>
        <JobChip />
        {badge !== null && <span className="environment">{badge}</span>}
        <span className="operator">
          <IconUserCircle size={17} stroke={1.7} aria-hidden />
          <span className="cut">{data?.operator ?? ''}</span>
        </span>
      </div>
    </header>
  )
}
