export const deliveryProblems = {} as const
