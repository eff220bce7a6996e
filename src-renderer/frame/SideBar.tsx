import { Tooltip } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useAppState } from '../app-state.ts'
import { formatCount } from '../components/cells.tsx'
import { MENU, type Section } from '../navigation.ts'

/** The road as a menu; below 1280 px only icons with tooltips. */
export function SideBar() {
  return (
    <nav className="side" aria-label="Sezioni">
      {MENU.map(({ group, sections }) => (
        <div key={group ?? 'casa'} className="side-group">
          {group !== null && <h2>{group}</h2>}
          <ul>
            {sections.map((section) => (
              <Item key={section.to} section={section} />
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

function Item({ section }: { readonly section: Section }) {
  const { pathname } = useLocation()
  const badges = useAppState().data?.badges
  const active =
    section.to === '/' ? pathname === '/' : pathname === section.to || pathname.startsWith(`${section.to}/`)
  const count = section.badge ? (badges?.[section.badge.of] ?? 0) : 0
  const Shape = section.icon
  return (
    <li>
      <Tooltip label={section.label} position="right" disabled={window.innerWidth >= 1280}>
        <Link to={section.to} className="side-item" aria-current={active ? 'page' : undefined}>
          <Shape size={17} stroke={1.7} aria-hidden />
          <span className="side-label">{section.label}</span>
          {section.badge && count > 0 && (
            <span
              className={section.badge.amber ? 'badge amber' : 'badge'}
              title={`${formatCount(count)} ${section.badge.words}`}
            >
              {formatCount(count)}
              <span className="visually-hidden"> {section.badge.words}</span>
            </span>
          )}
        </Link>
      </Tooltip>
    </li>
  )
}
