/** What does not depend on the text in a square symbol of four regions: finders, places of the codewords' bits. */
export interface DataMatrixShape {
  readonly size: 48 | 52
  /** Codewords of the text and of the check, in as many interleaved blocks (ISO/IEC 16022, table 7). */
  readonly data: number
  readonly check: number
  readonly blocks: number
  /** The four regions' finders, dark = 1; places of data are 0. */
  readonly finder: Uint8Array
  /** Index of the module of each bit, codeword by codeword, most significant bit first. */
  readonly places: Uint16Array
}

function shape(size: 48 | 52, data: number, check: number, blocks: number): DataMatrixShape {
  const region = size / 2
  const finder = new Uint8Array(size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [row, column] = [y % region, x % region]
      const solid = column === 0 || row === region - 1
      const clock = (row === 0 && column % 2 === 0) || (column === region - 1 && row % 2 === 1)
      if (solid || clock) finder[y * size + x] = 1
    }
  }
  // The data area without finders, mapped back to the symbol: each region gives up its border of one module.
  const side = size - 4
  const inner = region - 2
  const places = placementOrder(side).map((place) => {
    const [row, column] = [Math.floor(place / side), place % side]
    return (row + 1 + 2 * Math.floor(row / inner)) * size + column + 1 + 2 * Math.floor(column / inner)
  })
  return { size, data, check, blocks, finder, places: Uint16Array.from(places) }
}

/**
 * Annex F: codewords of eight modules along diagonals, up and down, wrapped at the borders, with four special shapes
 * for corners. Sides of 44 and 48 leave no module over.
 */
function placementOrder(side: number): number[] {
  const taken = new Uint8Array(side * side)
  const order: number[] = []
  const module = (row: number, column: number): void => {
    let [r, c] = [row, column]
    if (r < 0) {
      r += side
      c += 4 - ((side + 4) % 8)
    }
    if (c < 0) {
      c += side
      r += 4 - ((side + 4) % 8)
    }
    taken[r * side + c] = 1
    order.push(r * side + c)
  }
  const utah = (r: number, c: number): void => {
    for (const [dr, dc] of UTAH) module(r + dr, c + dc)
  }
  const corner = (modules: readonly (readonly [number, number])[]): void => {
    for (const [r, c] of modules) module(r < 0 ? side + r : r, c < 0 ? side + c : c)
  }
  let row = 4
  let column = 0
  while (row < side || column < side) {
    if (row === side && column === 0) corner(CORNERS[0])
    if (row === side - 2 && column === 0 && side % 4 !== 0) corner(CORNERS[1])
    if (row === side - 2 && column === 0 && side % 8 === 4) corner(CORNERS[2])
    if (row === side + 4 && column === 2 && side % 8 === 0) corner(CORNERS[3])
    for (; row >= 0 && column < side; row -= 2, column += 2)
      if (row < side && column >= 0 && taken[row * side + column] === 0) utah(row, column)
    row += 1
    column += 3
    for (; row < side && column >= 0; row += 2, column -= 2)
      if (row >= 0 && column < side && taken[row * side + column] === 0) utah(row, column)
    row += 3
    column += 1
  }
  return order
}

const UTAH = [
  [-2, -2],
  [-2, -1],
  [-1, -2],
  [-1, -1],
  [-1, 0],
  [0, -2],
  [0, -1],
  [0, 0],
] as const

/** Row and column; negative ones count from the far side. */
const CORNERS = [
  [
    [-1, 0],
    [-1, 1],
    [-1, 2],
    [0, -2],
    [0, -1],
    [1, -1],
    [2, -1],
    [3, -1],
  ],
  [
    [-3, 0],
    [-2, 0],
    [-1, 0],
    [0, -4],
    [0, -3],
    [0, -2],
    [0, -1],
    [1, -1],
  ],
  [
    [-3, 0],
    [-2, 0],
    [-1, 0],
    [0, -2],
    [0, -1],
    [1, -1],
    [2, -1],
    [3, -1],
  ],
  [
    [-1, 0],
    [-1, -1],
    [0, -3],
    [0, -2],
    [0, -1],
    [1, -3],
    [1, -2],
    [1, -1],
  ],
] as const

export const SHAPE_48: DataMatrixShape = shape(48, 174, 68, 1)
export const SHAPE_52: DataMatrixShape = shape(52, 204, 84, 2)
