/** What a campaign counts, in memory that it shares with its starter: it stays readable when the thread no longer answers. */
export const places = {
  index: 0,
  tried: 1,
  left: 2,
  right: 3,
  slowest: 4,
  slowestIndex: 5,
  largest: 6,
  total: 7,
  totalIndex: 8,
  /** 1 while a reader reads. */
  reading: 9,
  finished: 10,
} as const
